"""Consents as consent records of ISO/IEC TS 27560:2023, and back: the same consent, or a refusal that names the field."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purposegate import MemoryLedger, Use
from purposegate.ledger.consent_records import from_consent_record, read_consent_records, to_consent_record
from purposegate.ledger.records import Consent, Withdrawal
from purposegate.policy.terms import ANY, Names
from purposegate.tools.arriving import entries_for

GIVEN = datetime(2026, 1, 15, 12, tzinfo=UTC)
CONSENT = Consent(
    subject="u-1",
    condition="consent",
    data=("name", "email_address"),
    purposes=("inform_and_survey",),
    recipients=("third_party/ad-co",),
    given=GIVEN,
    expires=GIVEN + timedelta(days=365),
    text_version="2020-03-09",
)
RECORD: dict[str, Any] = {
    "schema_version": "ISO/IEC TS 27560:2023",
    "record_id": "96b4c0a9-0000-0000-0000-000000000000",
    "pii_principal_id": "u-1",
    "condition": "consent",
    "pii_processing": {
        "privacy_notice": "2020-03-09",
        "purposes": [
            {
                "purpose": "inform_and_survey",
                "lawful_basis": "consent",
                "pii_information": [{"pii_type": "name"}, {"pii_type": "email_address"}],
                "recipient_third_parties": ["third_party/ad-co"],
            }
        ],
    },
    "party_identification": [{"party_id": "en_japan", "party_role": "PII controller", "party_contact": "the manager"}],
    "event": [
        {
            "event_time": "2026-01-15T12:00:00.000000+00:00",
            "event_type": "explicit",
            "event_state": "given",
            "entity_id": "u-1",
            "validity_duration": "P365D",
        }
    ],
}


def _as_tuple(drawn: list[str]) -> Names:
    return tuple(drawn)


texts = st.text(min_size=1, max_size=8).filter(lambda text: not text.isspace() and text != "any")
names: st.SearchStrategy[Names] = st.one_of(st.just(ANY), st.lists(texts, min_size=1, max_size=3).map(_as_tuple))
zones = st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours)))
times = st.datetimes(datetime(1, 1, 3), datetime(5000, 1, 1), timezones=zones)  # noqa: DTZ001 - the zone is drawn


@st.composite
def consents(draw: st.DrawFn) -> Consent:
    begins = draw(times)
    lasts = draw(st.none() | st.timedeltas(timedelta(), timedelta(days=1_000_000)))
    return Consent(
        subject=draw(texts),
        condition=draw(texts),
        data=draw(names),
        purposes=draw(names),
        recipients=draw(names),
        given=begins,
        expires=None if lasts is None else begins + lasts,
        withdrawn=draw(st.none() | times),
        text_version=draw(st.just("") | texts),
    )


def a_record(**parts: Any) -> dict[str, Any]:
    record: dict[str, Any] = copy.deepcopy(RECORD)
    return record | parts


def an_event(**parts: Any) -> dict[str, Any]:
    event: dict[str, Any] = RECORD["event"][0]
    return event | parts


def refusal_of(ask: Callable[[], object]) -> str:
    try:
        ask()
    except ValueError as refused:
        return str(refused)
    return "it was not refused"


def without(of: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in of.items() if key != name}


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    record = a_record()
    change(record)
    return record


@given(consents())
def test_what_is_exported_is_imported_as_the_same_consent(consent: Consent) -> None:
    exported = json.dumps([to_consent_record(consent, controller="en_japan", contact="the manager")])

    assert read_consent_records(exported) == (consent,)


def test_a_record_has_the_structure_of_the_standard() -> None:
    record = to_consent_record(CONSENT, controller="en_japan", contact="the manager")

    assert record == RECORD | {"record_id": record["record_id"]}
    assert list(record) == list(RECORD)


def test_a_consent_has_the_same_record_id_whenever_it_is_written_and_another_one_has_another() -> None:
    def record_id(consent: Consent) -> object:
        return to_consent_record(consent, controller="en_japan", contact="the manager")["record_id"]

    assert record_id(CONSENT) == record_id(replace(CONSENT, withdrawn=GIVEN + timedelta(days=1)))
    assert record_id(CONSENT) != record_id(replace(CONSENT, subject="u-2"))
    assert record_id(CONSENT) != record_id(replace(CONSENT, data="any"))


def test_a_consent_that_was_withdrawn_is_exported_and_imported_as_withdrawn() -> None:
    withdrawn = replace(CONSENT, withdrawn=GIVEN + timedelta(days=2))

    record = to_consent_record(withdrawn, controller="en_japan", contact="the manager")

    assert record["event"][1] == {
        "event_time": "2026-01-17T12:00:00.000000+00:00",
        "event_type": "explicit",
        "event_state": "withdrawn",
        "entity_id": "u-1",
    }
    assert from_consent_record(record) == withdrawn


@pytest.mark.parametrize("order", [1, -1])
def test_of_several_ends_the_first_one_counts_in_whatever_order_they_stand(order: int) -> None:
    events = [
        an_event(),
        without(an_event(event_time="2026-01-18T12:00:00Z", event_state="withdrawn"), "validity_duration"),
        without(an_event(event_time="2026-01-17T12:00:00Z", event_state="withdrawn"), "validity_duration"),
        without(an_event(event_time="2026-01-16T12:00:00Z", event_state="expired"), "validity_duration"),
    ]

    read = from_consent_record(a_record(event=events[::order]))

    assert read == replace(CONSENT, expires=GIVEN + timedelta(days=1), withdrawn=GIVEN + timedelta(days=2))


@pytest.mark.parametrize(
    ("duration", "length"),
    [
        ("PT0S", timedelta()),
        ("P2W", timedelta(weeks=2)),
        ("P1DT2H3M4.5S", timedelta(days=1, hours=2, minutes=3, seconds=4, milliseconds=500)),
        ("PT0.000001S", timedelta(microseconds=1)),
    ],
)
def test_a_duration_in_fixed_lengths_is_understood(duration: str, length: timedelta) -> None:
    read = from_consent_record(a_record(event=[an_event(validity_duration=duration)]))

    assert read.expires == GIVEN + length


def test_a_record_without_who_contacted_or_entered_it_is_understood() -> None:
    events = [without(without(an_event(), "entity_id"), "validity_duration")]
    parties = [without(RECORD["party_identification"][0], "party_contact")]

    read = from_consent_record(a_record(event=events, party_identification=parties))

    assert read == replace(CONSENT, expires=None)


PURPOSE = RECORD["pii_processing"]["purposes"][0]


def with_purposes(*purposes: object) -> dict[str, Any]:
    return a_record(pii_processing=RECORD["pii_processing"] | {"purposes": list(purposes)})


def test_purposes_that_name_the_same_data_and_recipients_are_one_consent() -> None:
    assert from_consent_record(with_purposes(PURPOSE, PURPOSE | {"purpose": "raffle"})) == replace(
        CONSENT, purposes=("inform_and_survey", "raffle")
    )


@pytest.mark.parametrize(
    ("record", "refusal"),
    [
        ([], "the record is no object"),
        (a_record(schema_version="1"), "`schema_version` is not `ISO/IEC TS 27560:2023`"),
        (a_record(record_id=7), "`record_id` is no text, or blank"),
        (a_record(pii_principal_id=" "), "`pii_principal_id` is no text, or blank"),
        (a_record(condition=None), "`condition` is no text, or blank"),
        (without(RECORD, "condition"), "`condition` is missing"),
        (a_record(language="en"), "`language` is not understood"),
        (a_record(**{"taro@example.com": 1}), "`(not a name)` is not understood"),
        (a_record(pii_processing=[]), "`pii_processing` is no object"),
        (changed(lambda r: r["pii_processing"].update(privacy_notice=7)), "`pii_processing.privacy_notice` is no text, or blank"),
        (with_purposes(), "`pii_processing.purposes` is no list, or an empty one"),
        (with_purposes(PURPOSE | {"lawful_basis": "contract"}), "`pii_processing.purposes[0].lawful_basis` is not `consent`"),
        (with_purposes(without(PURPOSE, "lawful_basis")), "`pii_processing.purposes[0].lawful_basis` is missing"),
        (
            with_purposes(PURPOSE | {"retention_period": "P1Y"}),
            "`pii_processing.purposes[0].retention_period` is not understood",
        ),
        (
            with_purposes(PURPOSE | {"pii_information": "name"}),
            "`pii_processing.purposes[0].pii_information` is no list, or an empty one",
        ),
        (
            with_purposes(PURPOSE | {"pii_information": ["name"]}),
            "`pii_processing.purposes[0].pii_information[0]` is no object",
        ),
        (
            with_purposes(PURPOSE | {"pii_information": [{"pii_type": "name"}, {"pii_type": ""}]}),
            "`pii_processing.purposes[0].pii_information[1].pii_type` is no text, or blank",
        ),
        (
            with_purposes(PURPOSE | {"pii_information": [{"pii_type": "name"}, {"pii_type": "any"}]}),
            "`pii_processing.purposes[0].pii_information` names `any` as one of several",
        ),
        (
            with_purposes(PURPOSE | {"recipient_third_parties": [7]}),
            "`pii_processing.purposes[0].recipient_third_parties[0]` is no text, or blank",
        ),
        (
            with_purposes(PURPOSE, PURPOSE | {"recipient_third_parties": ["any"]}),
            "`pii_processing.purposes[1]` names other data or recipients than the first purpose: it wants a record of its own",
        ),
        (
            with_purposes(PURPOSE, PURPOSE | {"purpose": "any"}),
            "`pii_processing.purposes` names `any` as one of several",
        ),
        (a_record(party_identification=[]), "`party_identification` is no list, or an empty one"),
        (
            a_record(party_identification=[{"party_id": "ad_co", "party_role": "third party"}]),
            "`party_identification[0].party_role` is not `PII controller`",
        ),
        (a_record(event={}), "`event` is no list, or an empty one"),
        (a_record(event=[an_event(event_type="implicit")]), "`event[0].event_type` is not `explicit`"),
        (
            a_record(event=[an_event(event_state="refused")]),
            "`event[0].event_state` is not `given`, `withdrawn` or `expired`",
        ),
        (a_record(event=[an_event(event_state=["given"])]), "`event[0].event_state` is not `given`, `withdrawn` or `expired`"),
        (a_record(event=[an_event(entity_id="u-2")]), "`event[0].entity_id` is not the person whose consent it is"),
        (
            a_record(event=[an_event(event_time="2026-01-15T12:00:00")]),
            "`event[0].event_time` is no time with its zone, as `2026-01-15T12:00:00Z` is",
        ),
        (
            a_record(event=[an_event(event_time="2026-01-15")]),
            "`event[0].event_time` is no time with its zone, as `2026-01-15T12:00:00Z` is",
        ),
        (
            a_record(event=[an_event(event_time="0001-01-01T00:00:00+09:00")]),
            "`event[0].event_time` is no time with its zone, as `2026-01-15T12:00:00Z` is",
        ),
        (
            a_record(event=[an_event(event_time=7)]),
            "`event[0].event_time` is no time with its zone, as `2026-01-15T12:00:00Z` is",
        ),
        (a_record(event=[an_event(), an_event()]), "`event[1]` gives the consent again: it wants a record of its own"),
        (
            a_record(event=[without(an_event(event_state="withdrawn"), "validity_duration")]),
            "`event` does not say when the consent was given",
        ),
        (
            a_record(event=[an_event(), an_event(event_state="withdrawn")]),
            "`event[1].validity_duration` is not understood of an end",
        ),
        *(
            (
                a_record(event=[an_event(validity_duration=duration)]),
                "`event[0].validity_duration` is no duration in weeks, days, hours, minutes and seconds, as `P365D` is",
            )
            for duration in ("P1Y", "P1M", "P", "PT", "P1DT", "-P1D", "365", "P1D\n", "P٣D", 365, None)
        ),
        (a_record(event=[an_event(validity_duration="P999999999D")]), "`event[0].validity_duration` goes beyond the calendar"),
    ],
)
def test_a_record_that_is_not_understood_is_refused_by_its_field_and_without_its_values(record: object, refusal: str) -> None:
    assert refusal_of(lambda: from_consent_record(record)) == refusal


@pytest.mark.parametrize(
    ("document", "refusal"),
    [
        ("", "the document is no JSON"),
        (b"\xff\xfe\xff", "the document is no JSON"),
        ("[" * 100_000, "the document is no JSON"),
        ('{"condition": "a", "condition": "b"}', "a record names `condition` twice"),
        ("7", "the record is no object"),
        (json.dumps([RECORD, RECORD | {"event": []}]), "`[1].event` is no list, or an empty one"),
        (json.dumps([RECORD, 7]), "`[1]` is no object"),
    ],
)
def test_a_document_that_is_not_understood_is_refused(document: str | bytes, refusal: str) -> None:
    assert refusal_of(lambda: read_consent_records(document)) == refusal


@pytest.mark.parametrize(
    ("consent", "refusal"),
    [
        (replace(CONSENT, data=("name", "any")), "`any` stands alone, and is not one of several names"),
        (replace(CONSENT, purposes=("any",)), "`any` stands alone, and is not one of several names"),
        (replace(CONSENT, expires=GIVEN - timedelta(1)), "a consent that expires before it is given has no duration"),
    ],
)
def test_a_consent_that_a_record_would_change_is_not_exported(consent: Consent, refusal: str) -> None:
    assert refusal_of(lambda: to_consent_record(consent, controller="en_japan", contact="the manager")) == refusal


DAY = timedelta(days=1)


def held(*entries: Consent | Withdrawal) -> MemoryLedger:
    ledger = MemoryLedger()
    ledger.enter(*entries)
    return ledger


def test_a_consent_that_comes_late_does_not_give_back_what_was_withdrawn_since() -> None:
    ledger = held(CONSENT, Withdrawal("u-1", "consent", GIVEN + DAY))
    other = replace(CONSENT, data="any")

    entries = entries_for([CONSENT, other], ledger.entries())

    assert entries == (other,)
    ledger.enter(*entries)
    assert {each.withdrawn for each in ledger.consult(Use("name", "inform_and_survey", subject=CONSENT.subject)).consents} == {
        GIVEN + DAY
    }


def test_a_consent_given_after_a_withdrawal_is_entered_as_given() -> None:
    ledger = held(Withdrawal("u-1", "consent", GIVEN - DAY), Withdrawal("u-1", "other", GIVEN + DAY))

    assert entries_for([CONSENT], ledger.entries()) == (CONSENT,)


def test_a_consent_that_is_held_is_not_entered_again_but_its_withdrawal_is() -> None:
    ledger = held(CONSENT)
    withdrawn = replace(CONSENT, withdrawn=GIVEN + DAY)

    assert entries_for([CONSENT, CONSENT], ledger.entries()) == ()
    assert entries_for([CONSENT, withdrawn], ledger.entries()) == (Withdrawal("u-1", "consent", GIVEN + DAY),)
    assert entries_for([withdrawn], held(withdrawn).entries()) == ()
    assert entries_for([CONSENT], held(withdrawn).entries()) == ()


def test_of_a_consent_that_is_held_the_earlier_end_counts() -> None:
    shorter, longer = (replace(CONSENT, expires=GIVEN + days * DAY) for days in (3, 1000))

    assert entries_for([longer], held(CONSENT).entries()) == ()
    assert entries_for([shorter], held(CONSENT).entries()) == (Withdrawal("u-1", "consent", GIVEN + 3 * DAY),)
    assert entries_for([shorter], held(replace(CONSENT, expires=None)).entries()) == (
        Withdrawal("u-1", "consent", GIVEN + 3 * DAY),
    )
