"""Words that fields with personal data are called by, by kind; and what the classes are called that have such fields, or others.

The kinds are those that the law and the standards list, in our own words: GDPR art. 4(1) (identifiers, location, online
identifiers), 4(13) to 4(15) (genetic, biometric, health) and 9(1) (the special categories); the examples of personal data in
ISO/IEC 29100; the W3C's Data Privacy Vocabulary with its extension of personal-data terms (contact, identifying, financial,
tracking, social).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Personal wherever they stand. A term may be written as one word, or as several.
SURE: Final[Mapping[str, str]] = {
    # Contact: DPV's contact; ISO/IEC 29100.
    "email address": "email, e mail, email address, e mail address, mail address, email addr",
    "telephone number": (
        "phone, phone number, phone no, telephone, telephone number, telephone no, tel number, tel no, mobile number, mobile"
        " no, mobile phone, cell phone, cell number, cellphone, landline, fax number, msisdn"
    ),
    "postal address": (
        "home address, postal address, street address, mailing address, billing address, shipping address, delivery address,"
        " residential address, street, street name, house number, house no, postcode, postal code, post code, zip code"
    ),
    # Identity: GDPR art. 4(1); DPV's identifying.
    "name": (
        "first name, last name, given name, family name, middle name, maiden name, birth name, surname, forename, nickname,"
        " patronymic, customer name, applicant name, candidate name, patient name, employee name, person name, recipient"
        " name, contact name, cardholder name, card holder name"
    ),
    "date of birth": "date of birth, birth date, birthday, dob, birth day, year of birth, birth year, born on",
    "place of birth": "place of birth, birthplace, birth place, country of birth",
    "official identifier": (
        "ssn, social security number, social security no, national id, national id number, national identity number,"
        " identity card number, id card number, passport number, passport no, passport id, drivers license, driver license,"
        " driving license, driving licence, drivers license number, driver license number, driving licence number, license"
        " plate, licence plate, my number, national insurance number, health insurance number, insurance number, tax id"
        " number, taxpayer id"
    ),
    # Money: DPV's financial.
    "bank account": "bank account, bank account number, account holder, iban, sort code, routing number",
    "payment card": (
        "credit card, credit card number, debit card, card number, card no, pan number, cvv, cvc, cvv2, card expiry, card"
        " security code"
    ),
    "income": "salary, wage, annual income, household income, net worth, credit score, credit rating",
    # Place and device: GDPR art. 4(1), location data and online identifiers; recital 30.
    "location": ("geolocation, geo location, gps, gps location, gps coordinates, current location, home location, whereabouts"),
    "ip address": "ip address, ip addr, client ip, remote ip, user ip, client addr, remote addr, client address, visitor ip",
    "device identifier": "imei, imsi, idfa, idfv, advertising id, device fingerprint, browser fingerprint, user agent",
    # What art. 9(1) singles out, and 4(13) to 4(15).
    "health": (
        "diagnosis, diagnoses, medical history, medical record, medical record number, medical condition, medication,"
        " medications, blood type, blood group, blood pressure, disability, disabilities, allergies, health status, health"
        " condition, pregnancy"
    ),
    "biometric data": ("biometrics, biometric data, face image, facial image, iris scan, voice print, voiceprint, face encoding"),
    "genetic data": "genome, genotype, dna sequence, genetic data",
    "ethnic origin": "ethnicity, ethnic origin, ethnic group, racial origin",
    "belief": (
        "religion, religious belief, political opinion, political party, political affiliation, trade union, union membership"
    ),
    "sexual orientation": "sexual orientation, sex life, sexual preference, gender identity",
    "criminal record": "criminal record, criminal history, criminal conviction, conviction history",
    "recording": "interview video, video interview, voice recording, call recording, video recording",
    # Circumstances: DPV's social and external.
    "nationality": "nationality, citizenship, immigration status, visa status",
    "family": (
        "marital status, civil status, next of kin, mothers name, mother name, fathers name, father name, emergency contact"
    ),
    "career": "curriculum vitae, work history, employment history, job history, education history",
}

# Personal where the class is a person; elsewhere they are called so for other reasons.
OF_A_PERSON: Final[Mapping[str, str]] = {
    "name": "name, full name, legal name, real name, kana, furigana, name kana, name kanji, display name, alias",
    "user name": "username, user name, login, login name, handle, screen name",
    "postal address": "address, zip, home, residence, city, town, prefecture, county",
    "telephone number": "mobile, tel, cell, fax",
    "date of birth": "birth, born",
    "age": "age, age group, age range",
    "gender": "gender, sex, pronoun, pronouns",
    "ethnic origin": "race, ethnic",
    "official identifier": "passport, tax id, tin, national identifier",
    "likeness": "photo, picture, portrait, avatar, image, headshot, selfie",
    "biometric data": "fingerprint, face, voice, signature, height, weight, biometric",
    "location": "location, latitude, longitude, lat, lng, lon, coordinates",
    "ip address": "ip, last ip, login ip",
    "device identifier": "device id, cookie, cookies, mac address",
    "health": "health, allergy, symptom, symptoms, treatment, treatments, illness",
    "income": "income, earnings, compensation",
    "career": ("cv, resume, occupation, profession, job title, employer, education, degree, school, university, skills"),
    "language": "mother tongue, native language",
    "family": "spouse, children, partner",
    "recording": "video, recording, audio",
    "interests": "hobby, hobbies, interests",
}

# What types of fields say, by their last name: of pydantic and its extra types, the standard library, Django and SQLAlchemy.
TYPES: Final[Mapping[str, str]] = {
    "EmailStr": "email address",
    "NameEmail": "email address",
    "EmailField": "email address",
    "EmailType": "email address",
    "PhoneNumber": "telephone number",
    "PhoneNumberField": "telephone number",
    "PhoneNumberType": "telephone number",
    "PaymentCardNumber": "payment card",
    "IPvAnyAddress": "ip address",
    "IPv4Address": "ip address",
    "IPv6Address": "ip address",
    "GenericIPAddressField": "ip address",
    "IPAddressField": "ip address",
    "IPAddressType": "ip address",
    "INET": "ip address",
    "Coordinate": "location",
    "Latitude": "location",
    "Longitude": "location",
}

PEOPLE: Final = _words("""
    user applicant candidate customer person employee patient member subscriber student teacher pupil guest visitor citizen
    resident passenger donor volunteer attendee participant interviewer interviewee jobseeker seeker recruiter spouse
    guardian doctor nurse lawyer buyer shopper prospect respondent beneficiary policyholder cardholder borrower lender
    individual payer payee signatory witness victim prisoner inmate refugee contact author colleague people staff
    abstractuser abstractbaseuser
""")

# Of these, what other things are called too that belong to something: an archive's members, the candidates of a search.
ALSO_OF_THINGS: Final = _words("""
    candidate member guest resident participant contact witness victim donor seeker
""")

# With what those begin all the same where they are people.
OF_COMPANY: Final = _words("""
    job team family club board staff household hotel hiring interview emergency primary new registered hospital company crew
""")

# What a class of people is called besides: a person in a form, a table, an answer.
CARRIERS: Final = _words("""
    create created creation update updated in out read write new dto model schema row profile record response request reply
    base public private detail details info information data entity orm db table view form payload body input output
    document doc item entry account registration signup application summary list page settings preferences mixin dict v
""")

# What a class is called whose fields are those of a program, whatever they look like.
OF_PROGRAMS: Final = _words("""
    settings setting config configuration conf options option arguments args template validator formatter format error
    exception warning metadata package distribution project license licence token lexer parser grammar node pattern syntax
    test fixture credentials driver backend adapter
""")

# What a class is called whose addresses are those of machines, of memory or of contracts.
OF_MACHINES: Final = _words("""
    server host network interface socket connection endpoint listener proxy subnet route router gateway dns peer packet
    header url uri memory segment section symbol register instruction frame contract block transaction wallet chain cluster
    machine instance container port bind binding nic vm lease dhcp vpn vpc tunnel private outside elastic
""")

# With what a field begins that is a flag, a number of something, or somebody's who runs the program.
BEGINNINGS: Final = _words("""
    has is can should must may needs need allow allows show shows hide use uses no num number count max min require requires
    required enable enabled disable disabled send sends verify validate check default example sample support noreply admin
    system from allowed valid invalid any missing include exclude skip ignore with without
""")

# What is said of a value without making another thing of it.
ENDINGS: Final = _words("""
    text value str string raw plain encrypted normalized normalised kana kanji en ja jp line lower old new
""")

# What a thing is that is called by personal data, and holds none: what a type ends with.
THINGS: Final = _words("""
    bool boolean callable pattern template service client sender backend provider config settings validator message
    formatter factory handler parser generator boolfield booleanfield nullbooleanfield manager relationship foreignkey
    timedelta classvar module iterator logger lock event
""")

# Words that many categories share: they make no two alike.
SHARED: Final = _words("""
    address number information info data code date id identifier history result record of user personal status type account
    and
""")
