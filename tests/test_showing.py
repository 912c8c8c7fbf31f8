"""What a ledger's entries show for a use: only within their scope, and only while they hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from builders import NOW, a_ledger, a_policy, a_provision, a_use_clause, an_objection

from purposegate import (
    Agreement,
    Claim,
    Consent,
    Deregistration,
    Gate,
    LodgedObjection,
    MemoryLedger,
    Reason,
    RegisteredRecipient,
    Revocation,
    Termination,
)
from purposegate.policy.terms import Role

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
POLICY = a_policy(
    categories={"email_address": {}, "phone": {}},
    purposes={"shipping": {}, "raffle": {}},
    recipients={"shop": {"role": "controller"}, "carrier": {"role": "third_party"}, "printer": {"role": "processor"}},
    conditions={"consent": {"shown_by": "consent"}, "claimed": {"shown_by": "claim"}, "signed": {"shown_by": "agreement"}},
    uses=[a_use_clause(data="any", purposes="any")],
    provisions=[a_provision(clause="5", data="any", purposes="any", recipients=["printer"], conditions=["signed"])],
    exceptions=[
        a_provision(clause="3", data="any", purposes="any", conditions=["consent"]),
        a_provision(clause="4", data="any", purposes="any", conditions=["claimed"]),
    ],
    objections={"stop": an_objection()},
)
CARRIER, PRINTER = "carrier/ups", "printer/p1"


def permitted(*entries: Any, recipient: str | None = CARRIER, ledger: MemoryLedger | None = None) -> bool:
    """Enter these, and ask about an email address for shipping."""
    ledger = ledger or a_ledger([CARRIER, PRINTER])
    ledger.enter(*entries)
    gate = Gate(POLICY, ledger=ledger, clock=lambda: NOW)
    return gate.decide("email_address", "shipping", recipient, subject="s1", channel="post", claim="case-1").permitted


def a_consent(**parts: Any) -> Consent:
    said: dict[str, Any] = {"data": "any", "purposes": "any", "recipients": "any", "given": NOW}
    return Consent("s1", "consent", **said | parts)


def a_claim(**parts: Any) -> Claim:
    said: dict[str, Any] = {
        "conditions": frozenset({"claimed"}),
        "subjects": frozenset({"s1"}),
        "data": "any",
        "recipient": CARRIER,
        "requested_by": "clerk",
        "approved_by": "manager",
        "approved": NOW,
        "expires": NOW + SECOND,
        "uses": 1,
        "reference": "file 12",
        "authority": "the court",
    }
    return Claim("case-1", **said | parts)


def an_agreement(**parts: Any) -> Agreement:
    said: dict[str, Any] = {"data": "any", "purposes": "any", "begins": NOW}
    evidence: dict[str, Any] = {"reference": "contract 7", "selection": "review 3", "country": "JP"}
    return Agreement(PRINTER, frozenset({"signed"}), **said | evidence | parts)


SHOWN: list[tuple[Any, bool]] = [
    (a_consent(), True),
    (a_consent(data=("email_address",), purposes=("shipping",), recipients=(CARRIER,)), True),
    (a_consent(data=("phone",)), False),
    (a_consent(purposes=("raffle",)), False),
    (a_consent(recipients=("printer",)), False),
    (a_consent(recipients=("carrier/other",)), False),
    (a_consent(given=NOW + SECOND), False),
    (a_consent(given=NOW - DAY, expires=NOW), False),
    (a_consent(given=NOW - DAY, withdrawn=NOW), False),
    (a_claim(), True),
    (a_claim(data=("email_address", "phone")), True),
    (a_claim(data=("phone",)), False),
    (a_claim(conditions=frozenset({"other"})), False),
    (a_claim(subjects=frozenset({"s2"})), False),
    (a_claim(recipient="carrier/other"), False),
    (a_claim(approved=NOW + SECOND, expires=NOW + DAY), False),
    (a_claim(approved=NOW - DAY, expires=NOW), False),
    (a_claim(uses=0), False),
]


@pytest.mark.parametrize(("entry", "expected"), SHOWN)
def test_a_consent_and_a_claim_show_what_they_name_while_they_hold(entry: Any, expected: bool) -> None:
    assert permitted(entry) is expected


@pytest.mark.parametrize(("revoked", "expected"), [(NOW + SECOND, True), (NOW, False)])
def test_a_claim_shows_nothing_from_the_instant_it_is_revoked(revoked: Any, expected: bool) -> None:
    assert permitted(a_claim(), Revocation("case-1", revoked, "manager")) is expected


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([an_agreement()], True),
        ([an_agreement(data=("phone",))], False),
        ([an_agreement(purposes=("raffle",))], False),
        ([an_agreement(begins=NOW + SECOND)], False),
        ([an_agreement(begins=NOW - DAY, ends=NOW)], False),
        ([an_agreement(), Termination(PRINTER, "contract 7", NOW + DAY)], True),
        ([an_agreement(), Termination(PRINTER, "contract 7", NOW)], False),
        ([an_agreement(), Termination(PRINTER, "contract 7", NOW), Termination(PRINTER, "contract 7", NOW + DAY)], False),
        (
            [an_agreement(), an_agreement(reference="contract 8"), Termination(PRINTER, "contract 8", NOW)],
            True,
        ),
    ],
)
def test_an_agreement_shows_what_it_names_until_it_ends(entries: list[Any], expected: bool) -> None:
    assert permitted(*entries, recipient=PRINTER) is expected


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({}, False),
        ({"data": ("email_address",), "purposes": ("shipping",), "recipients": ("carrier",)}, False),
        ({"data": ("phone",)}, True),
        ({"purposes": ("raffle",)}, True),
        ({"recipients": ("carrier/other",)}, True),
        ({"recipients": ("printer",)}, True),
    ],
)
def test_an_objection_stops_what_its_scope_overlaps(scope: dict[str, Any], expected: bool) -> None:
    assert permitted(a_consent(), LodgedObjection("s1", "stop", NOW, **scope)) is expected


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([RegisteredRecipient(CARRIER, "UPS", "US", NOW)], True),
        ([RegisteredRecipient(CARRIER, "UPS", "US", NOW, role=Role.THIRD_PARTY)], True),
        ([RegisteredRecipient(CARRIER, "UPS", "US", NOW, role=Role.PROCESSOR)], False),
        ([RegisteredRecipient(CARRIER, "UPS", "US", NOW + SECOND)], False),
        ([RegisteredRecipient(CARRIER, "UPS", "US", NOW), Deregistration(CARRIER, NOW + DAY)], False),
        ([], False),
    ],
)
def test_a_recipient_is_known_as_what_it_is_registered_as_and_since_when(entries: list[Any], expected: bool) -> None:
    assert permitted(*entries, a_consent(), ledger=a_ledger()) is expected


def test_a_gate_that_is_behind_its_ledger_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    ledger = MemoryLedger(clock=lambda: NOW + 61 * SECOND)
    ledger.enter(LodgedObjection("s2", "stop", NOW))
    gate = Gate(POLICY, ledger=ledger, clock=lambda: NOW)

    reasons = [gate.decide("email_address", "shipping", subject="s1").reason for _ in range(2)]

    assert reasons == [Reason.PERMITTED, Reason.PERMITTED]
    assert caplog.messages == ["the ledger is ahead of this machine's clock by more than 60 seconds: one of them is wrong"]
