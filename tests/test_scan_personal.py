"""Which fields look personal: the words of a name decide, with the type and what the class is called."""

from __future__ import annotations

import pytest
from builders import SHIPPED, a_policy

from purposegate import Policy
from purposegate.findings import Finding, Location, Severity
from purposegate.policy.loader import load
from purposegate.tools.scanning import terms
from purposegate.tools.scanning.personal import closest_category, looks_personal, unlabelled_fields, words_of
from purposegate.tools.scanning.sighting import Mention, Part, Place, SeenField

AT = Place("models.py", 7, 5, 7, 10)


def a_field(dotted: str, *types: str, **parts: object) -> SeenField:
    """Give a field of `Owner.name`, with the types in its annotation."""
    owner, _, name = dotted.rpartition(".")
    return SeenField(f"app.models.{owner}", name, AT, types or ("str",), **parts)  # type: ignore[arg-type]  # each test passes what fits


def kind_of(dotted: str, *types: str, **parts: object) -> str | None:
    looks = looks_personal(a_field(dotted, *types, **parts))
    return None if looks is None else looks.kind


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("email_address", ("email", "address")),
        ("emailAddress", ("email", "address")),
        ("HTTPUserAgent", ("http", "user", "agent")),
        ("address2", ("address",)),
        ("phone_2", ("phone",)),
        ("__email__", ("email",)),
        ("ipV4Address", ("ip", "v", "address")),
        ("_", ()),
    ],
)
def test_a_name_is_split_where_its_writer_began_a_word(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("dotted", "kind"),
    [
        ("Order.email", "email address"),
        ("Order.customerEmail", "email address"),
        ("Order.billing_emails", "email address"),
        ("Order.EMAIL_ADDRESS", "email address"),
        ("Order.email_normalized", "email address"),
        ("Order.phone2", "telephone number"),
        ("Order.phonenumber", "telephone number"),
        ("Order.shipping_address", "postal address"),
        ("Order.shipping_addresses", "postal address"),
        ("Order.zip_code", "postal address"),
        ("Booking.first_name", "name"),
        ("Booking.lastname", "name"),
        ("Booking.date_of_birth", "date of birth"),
        ("Booking.passport_number", "official identifier"),
        ("AccessLog.client_ip", "ip address"),
        ("AccessLog.user_agent", "device identifier"),
        ("Payment.iban", "bank account"),
        ("Visit.diagnosis", "health"),
        ("Survey.sexual_orientation", "sexual orientation"),
    ],
)
def test_what_is_personal_by_its_name_is_so_in_any_class(dotted: str, kind: str) -> None:
    assert kind_of(dotted) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("name", "name"),
        ("address", "postal address"),
        ("age", "age"),
        ("gender", "gender"),
        ("avatar", "likeness"),
        ("race", "ethnic origin"),
        ("username", "user name"),
        ("city", "postal address"),
        ("video", "recording"),
    ],
)
def test_what_many_things_are_called_is_personal_where_the_class_is_a_person(name: str, kind: str) -> None:
    persons = [kind_of(f"{owner}.{name}") for owner in ("User", "Applicant", "CustomerCreate", "PatientRecord", "Employees")]
    others = [kind_of(f"{owner}.{name}") for owner in ("Product", "Column", "UserGroup", "CustomerService", "TeamConfig")]

    assert (persons, others) == ([kind] * 5, [None] * 5)


def test_a_class_that_derives_from_a_person_is_one() -> None:
    assert kind_of("Pilot.name", bases=("crew.Person",)) == "name"
    assert kind_of("Account.name", bases=("django.contrib.auth.models.AbstractUser",)) == "name"
    assert kind_of("Pilot.name", bases=("pydantic.BaseModel",)) is None


def test_an_archive_has_members_and_a_search_candidates_that_are_no_people() -> None:
    owners = ("Member", "TeamMember", "JobCandidate", "ArchiveMember", "InstallationCandidate")

    assert [kind_of(f"{owner}.name") for owner in owners] == ["name", "name", "name", None, None]


@pytest.mark.parametrize(
    ("dotted", "type_"),
    [
        ("User.email_verified", "bool"),
        ("User.email_confirmation", "bool"),
        ("User.email", "bool"),
        ("User.has_phone", "str"),
        ("User.phone_count", "int"),
        ("User.num_phones", "int"),
        ("User.phone_format", "str"),
        ("User.email_template", "str"),
        ("User.email_id", "int"),
        ("User.name_servers", "list"),
        ("User.user_id", "int"),
        ("User.send_email", "typing.Callable"),
        ("User.emails", "app.EmailService"),
        ("User.email", "email.message.EmailMessage"),
        ("User.address_book_id", "int"),
        ("Order.allowed_emails", "str"),
        ("Settings.email", "str"),
        ("SmtpConfig.email", "pydantic.EmailStr"),
        ("Order.noreply_email", "str"),
        ("Order.hostname", "str"),
        ("Order.filename", "str"),
        ("Order.company_name", "str"),
        ("Instruction.address", "int"),
        ("Contract.address", "str"),
        ("Server.ip_address", "str"),
        ("Subnet.first", "ipaddress.IPv4Address"),
        ("Peer.host", "ipaddress.IPv4Address"),
        ("Order.host", "ipaddress.IPv4Address"),
        ("Order.private_ip_address", "str"),
        ("Order.total", "decimal.Decimal"),
        ("Order._", "str"),
    ],
)
def test_a_flag_a_count_an_id_and_a_thing_of_a_program_do_not_look_personal(dotted: str, type_: str) -> None:
    assert kind_of(dotted, type_) is None


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (("pydantic.EmailStr",), "email address"),
        (("typing.Optional", "pydantic.networks.NameEmail"), "email address"),
        (("pydantic_extra_types.payment.PaymentCardNumber",), "payment card"),
        (("pydantic_extra_types.phone_numbers.PhoneNumber",), "telephone number"),
        (("ipaddress.IPv4Address", "ipaddress.IPv6Address"), "ip address"),
        (("pydantic.IPvAnyAddress",), "ip address"),
        (("django.db.models.EmailField",), "email address"),
        (("sqlalchemy_utils.EmailType",), "email address"),
    ],
)
def test_a_type_says_it_whatever_the_field_is_called(types: tuple[str, ...], kind: str) -> None:
    assert kind_of("Order.sent_to", *types) == kind


def test_what_bears_a_label_or_is_sealed_is_no_more_to_be_told_of() -> None:
    label = Mention(Part.DATA_CATEGORY, "email_address", AT)

    assert kind_of("User.email", categories=("email_address",)) is None
    assert kind_of("User.email", labels=(label,)) is None
    assert kind_of("User.email", sealed=True) is None


@pytest.mark.parametrize(
    ("dotted", "category"),
    [
        ("User.email", "email_address"),
        ("User.mail_address", "email_address"),
        ("User.surname", "name"),
        ("Applicant.video", "video_interview"),
        ("User.phone", None),
        ("User.address", None),
        ("AccessLog.ip_address", None),
        ("User.cookie", "cookie"),
    ],
)
def test_the_category_that_is_called_most_like_the_field_is_suggested(dotted: str, category: str | None) -> None:
    looks = looks_personal(a_field(dotted))

    assert looks is not None
    assert closest_category(looks, load(SHIPPED).categories) == category


def test_a_category_of_the_same_kind_is_suggested_though_no_word_is_the_same() -> None:
    looks = looks_personal(a_field("User.mobile"))

    assert looks is not None
    assert closest_category(looks, ("name", "phone", "user_id")) == "phone"


def test_no_term_stands_for_two_kinds() -> None:
    each_term = [term for kinds in (terms.SURE, terms.OF_A_PERSON) for listed in kinds.values() for term in listed.split(", ")]

    assert sorted(each_term) == sorted(set(each_term))


def found(policy: Policy, *fields: SeenField) -> list[Finding]:
    return [*unlabelled_fields(fields, policy)]


def test_a_finding_tells_the_field_what_it_looks_like_and_the_label_it_wants() -> None:
    findings = found(a_policy(), a_field("Order.email"), a_field("Order.phone"), a_field("Order.total", "int"))

    ignoring = "or say why it is none: `# purposegate: ignore[unlabelled-field] …`"
    unknown = "no category of the policy is like it: declare one and label the field with `Personal(…)`"
    assert findings == [
        Finding(
            "unlabelled-field",
            Severity.WARNING,
            "`Order.email` looks personal (email address), and bears no label",
            Location("models.py", 7, 5),
            help=f'label it `Annotated[…, Personal("email_address")]`, {ignoring}',
        ),
        Finding(
            "unlabelled-field",
            Severity.WARNING,
            "`Order.phone` looks personal (telephone number), and bears no label",
            Location("models.py", 7, 5),
            help=f"{unknown}, {ignoring}",
        ),
    ]


def test_a_field_that_holds_another_class_is_told_by_the_fields_of_that_class() -> None:
    nested = a_field("User.address", "typing.Optional", "app.models.Address")

    assert [each.message for each in found(a_policy(), nested, a_field("Address.street"))] == [
        "`Address.street` looks personal (postal address), and bears no label"
    ]
    assert len(found(a_policy(), nested)) == 1
