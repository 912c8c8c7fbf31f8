"""A gate with a ledger, driven at random, decides every use as a naive reading of the entries does, and again the same later."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import pytest
from builders import NOW, a_document, a_policy, a_provision, a_use_clause, an_objection
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from ledger_spec import Contradiction, Facts, Model

from purposegate import (
    Acceptance,
    Agreement,
    Claim,
    Consent,
    Deregistration,
    Dissent,
    Gate,
    Ledger,
    LedgerError,
    Lifting,
    LodgedObjection,
    MemoryLedger,
    MemorySink,
    Notice,
    PurposeViolation,
    Record,
    RegisteredRecipient,
    Revocation,
    ServiceUse,
    Termination,
    Withdrawal,
)
from purposegate.ledger.keeping import BEGINNING
from purposegate.ledger.sql import SqlLedger
from purposegate.policy.terms import Role

ANN, BOB, ACME, EAST, MAILER, CLAIM = "ann", "bob", "carrier/acme", "partner/east", "mailer/post", "c-1"
LAW = {"clause": "7", "purposes": ["law"], "data": "any"}


def a_revision(number: int, effective: str, *, silence: str, **parts: Any) -> Facts:
    """Give one revision of a shop's policy, of which each part bears on something that a ledger holds."""
    provisions = [
        a_provision(clause="4", purposes=["shipping"], data=["contact"], channels=["post"]),
        a_provision(clause="5", recipients=["mailer"], purposes="any", data="any", conditions=["signed"]),
        a_provision(clause="8", recipients=["partner"], purposes="any", data=["phone"], conditions=["signed", "consent"]),
    ]
    document: dict[str, Any] = {
        "categories": {"contact": {}, "email": {"parent": "contact"}, "phone": {"parent": "contact"}},
        "purposes": {"service": {}, "shipping": {"parent": "service"}, "ads": {}, "law": {}},
        "recipients": {
            "shop": {"role": "controller"},
            "carrier": {"role": "third_party"},
            "partner": {"role": "joint_user"},
            "mailer": {"role": "processor"},
            "person": {"role": "data_subject"},
        },
        "channels": {"post": {}, "web": {}},
        "conditions": {
            "consent": {"shown_by": "consent"},
            "by_law": {"shown_by": "claim"},
            "difficult": {"shown_by": "claim"},
            "signed": {"shown_by": "agreement"},
        },
        "uses": [
            a_use_clause(data=["contact"], purposes=["service"]),
            a_use_clause(clause="3", data=["email"], purposes=["ads"], conditions=["consent"]),
            a_use_clause(**LAW, conditions=[], provision_only=True),
        ],
        "provisions": provisions,
        "exceptions": [
            a_provision(clause="6", purposes="any", data="any", conditions=["consent"]),
            a_provision(**LAW, conditions=["by_law", "difficult"]),
        ],
        "objections": {"stop": an_objection(exempt=["7"]), "stop_ads": an_objection(purposes=["ads"], data=["email"])},
        "amendments": {"clause": "9", "quote": "amend", "window": "P7D", "silence": silence, "time_zone": "Asia/Tokyo"},
    }
    for section, more in parts.items():
        document[section] = [*document[section], *more] if isinstance(more, list) else document[section] | more
    return a_document(policy={"revision": str(number), "effective": effective}, **document)


REVISIONS = [
    a_revision(1, "2026-01-01", silence="accepts"),
    a_revision(
        2,
        "2026-01-20",
        silence="never",
        categories={"photo": {"parent": "contact"}},
        uses=[a_use_clause(clause="10", data=["email", "photo"], purposes=["ads"])],
    ),
    a_revision(
        3,
        "2026-02-10",
        silence="accepts",
        uses=[a_use_clause(clause="10", data=["email"], purposes=["ads"])],
        provisions=[a_provision(clause="11", purposes=["ads"], data=["email"])],
    ),
]
POLICIES = [a_policy(document) for document in REVISIONS]


def a_use(data_category: str, purpose: str, recipient: str | None = None, *, channel: str | None = "post", **parts: Any) -> Facts:
    told = {"data_category": data_category, "purpose": purpose, "recipient": recipient, "channel": channel}
    return {**told, "subject": ANN, "claim": None, **parts}


USES = [
    a_use("email", "ads"),
    a_use("email", "ads", subject=BOB),
    a_use("email", "service", channel=None),
    a_use("photo", "ads"),
    a_use("contact", "ads", ACME),
    a_use("email", "ads", ACME),
    a_use("phone", "shipping", ACME),
    a_use("phone", "shipping", ACME, subject=BOB),
    a_use("phone", "shipping", ACME, channel="web"),
    a_use("phone", "service", EAST),
    a_use("email", "shipping", MAILER),
    a_use("email", "ads", MAILER, subject=BOB),
    a_use("email", "law", ACME, claim=CLAIM),
    a_use("photo", "law", ACME, claim=CLAIM),
    a_use("email", "law", ACME, claim=CLAIM, subject=BOB),
    a_use("email", "law", ACME, claim="c-2"),
    a_use("email", "law"),
    a_use("email", "shipping", "person"),
    a_use("email", "unheard_of"),
    a_use("email", "service", subject=None),
]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

subjects = st.sampled_from([ANN, ANN, ANN, BOB])
moments = st.sampled_from([0 * DAY, 0 * DAY, 0 * DAY, -HOUR, HOUR, -2 * DAY, 2 * DAY, -20 * DAY])
ends = st.sampled_from([None, None, None, HOUR, DAY, 10 * DAY, -DAY])
data = st.sampled_from(["any", "any", ("contact",), ("email",), ("phone",), ("photo",), ("email", "phone")])
purposes = st.sampled_from(["any", "any", "any", ("service",), ("shipping",), ("ads",), ("law",)])
recipients = st.sampled_from(["any", "any", "any", ("carrier",), (ACME,), ("shop",), ("mailer", "partner"), ("carrier/other",)])
objections = st.sampled_from(["stop", "stop_ads"])
revisions = st.sampled_from(["2", "2", "3", "1"])
instances = st.sampled_from([ACME, ACME, EAST, MAILER])

KINDS: dict[str, Any] = {
    "RegisteredRecipient": lambda time, recipient, role: RegisteredRecipient(recipient, "a company", "JP", time, role=role),
    "Deregistration": lambda time, **said: Deregistration(**said, deregistered=time),
    "Consent": lambda time, **said: Consent(**said, given=time),
    "Withdrawal": lambda time, **said: Withdrawal(**said, withdrawn=time),
    "LodgedObjection": lambda time, **said: LodgedObjection(**said, lodged=time),
    "Lifting": lambda time, **said: Lifting(**said, lifted=time),
    "Claim": lambda time, **said: Claim(
        **said, approved=time, requested_by="cora", approved_by="dora", reference="file", authority="an order"
    ),
    "Revocation": lambda time, **said: Revocation(**said, revoked=time, revoked_by="dora"),
    "Agreement": lambda time, **said: Agreement(**said, begins=time, selection="s", country="JP"),
    "Termination": lambda time, **said: Termination(**said, terminated=time),
    "Notice": lambda time, **said: Notice(**said, notified=time),
    "Acceptance": lambda time, **said: Acceptance(**said, accepted=time),
    "Dissent": lambda time, **said: Dissent(**said, dissented=time),
    "ServiceUse": lambda time, **said: ServiceUse(**said, used=time),
}


class Machine:
    """A process with a gate, whose clock may go wrong."""

    def __init__(self, ledger: Ledger) -> None:
        self.now = NOW
        self.latest = BEGINNING
        self.trail = MemorySink()
        self.gate = Gate(POLICIES, ledger=ledger, trail=self.trail, clock=lambda: self.now)


class LedgerMachine(RuleBasedStateMachine):
    """Two gates over one ledger, beside the naive model of it."""

    key: ClassVar[bytes | None] = None

    def make_ledger(self) -> Ledger:
        return MemoryLedger(clock=lambda: self.now, subject_key=self.key)

    @initialize(
        missing=st.sets(st.sampled_from(["registered", "consented", "approved", "agreed", "notified", "accepted"]), max_size=2)
    )
    def begin(self, missing: set[str]) -> None:
        self.now = self.newest = NOW
        self.model = Model(REVISIONS, BEGINNING)
        self.ledger = self.make_ledger()
        self.machines = [Machine(self.ledger), Machine(self.ledger)]
        self.decided: list[tuple[Facts, Record]] = []
        self.looked_at = 0
        now, both = 0 * DAY, {"by_law", "difficult"}
        for recipient in (ACME, EAST, MAILER):
            if "registered" not in missing:
                self.register(now, recipient, None)
            if "agreed" not in missing:
                self.agree(now, recipient, "any", "any", None, 1)
        for subject in (ANN, BOB):
            if "consented" not in missing:
                self.consent(now, subject, "any", "any", "any", None)
            if "accepted" not in missing:
                self.accept(now, subject, "1")
        if "approved" not in missing:
            self.claim(now, both, {ANN, BOB}, "any", None, 2, CLAIM)
        if "notified" not in missing:
            self.notify(now, "2", None)

    # Time.

    @rule(passed=st.sampled_from([HOUR, DAY, 3 * DAY, 8 * DAY, 15 * DAY]))
    def time_passes(self, passed: timedelta) -> None:
        self.now += passed
        self.newest = max(self.newest, self.now)
        for machine in self.machines:
            machine.now = self.now

    @rule(which=st.integers(0, 1), by=st.sampled_from([-DAY, -10 * DAY, HOUR]))
    def a_clock_goes_wrong(self, which: int, by: timedelta) -> None:
        self.machines[which].now += by
        self.newest = max(self.newest, self.machines[which].now)

    @rule(by=st.sampled_from([-DAY, -10 * DAY, HOUR, 3 * DAY]))
    def the_clock_of_the_ledger_goes_wrong(self, by: timedelta) -> None:
        self.now += by
        self.newest = max(self.newest, self.now)

    # What people, companies and the service say.

    def enter(self, kind: str, moment: timedelta, **said: Any) -> None:
        said["time"] = self.now + moment
        try:
            self.model.enter(self.now, kind, **said)
        except Contradiction:
            with pytest.raises(LedgerError):
                self.ledger.enter(KINDS[kind](**said))
        else:
            self.ledger.enter(KINDS[kind](**said))

    @rule(moment=moments, recipient=instances, role=st.sampled_from([None, None, Role.THIRD_PARTY]))
    def register(self, moment: timedelta, recipient: str, role: Role | None) -> None:
        self.enter("RegisteredRecipient", min(moment, 0 * DAY), recipient=recipient, role=role)

    @rule(moment=moments, recipient=st.sampled_from([EAST, MAILER, ACME]))
    def deregister(self, moment: timedelta, recipient: str) -> None:
        self.enter("Deregistration", min(moment, 0 * DAY), recipient=recipient)

    @rule(moment=moments, subject=subjects, data=data, purposes=purposes, recipients=recipients, ends=ends)
    def consent(self, moment: timedelta, subject: str, data: Any, purposes: Any, recipients: Any, ends: timedelta | None) -> None:
        scope = {"data": data, "purposes": purposes, "recipients": recipients}
        self.enter("Consent", moment, subject=subject, condition="consent", **scope, expires=self.after(ends))

    @rule(moment=moments, subject=subjects, condition=st.sampled_from(["consent", "consent", "by_law"]))
    def withdraw(self, moment: timedelta, subject: str, condition: str) -> None:
        self.enter("Withdrawal", moment, subject=subject, condition=condition)

    @rule(moment=moments, subject=subjects, objection=objections, data=data, purposes=purposes, recipients=recipients)
    def object(self, moment: timedelta, subject: str, objection: str, data: Any, purposes: Any, recipients: Any) -> None:
        scope = {"data": data, "purposes": purposes, "recipients": recipients}
        self.enter("LodgedObjection", moment, subject=subject, objection=objection, **scope)

    @rule(moment=moments, subject=subjects, objection=objections)
    def lift(self, moment: timedelta, subject: str, objection: str) -> None:
        self.enter("Lifting", moment, subject=subject, objection=objection)

    @rule(
        moment=moments,
        conditions=st.sampled_from([{"by_law", "difficult"}, {"by_law", "difficult"}, {"by_law"}]),
        people=st.sampled_from([{ANN}, {ANN, BOB}, {BOB}]),
        data=data,
        ends=ends,
        uses=st.integers(0, 3),
        id_=st.sampled_from([CLAIM, CLAIM, "c-2"]),
    )
    def claim(
        self, moment: timedelta, conditions: set[str], people: set[str], data: Any, ends: timedelta | None, uses: int, id_: str
    ) -> None:
        told = {"conditions": frozenset(conditions), "subjects": frozenset(people), "data": data, "recipient": ACME, "uses": uses}
        self.enter("Claim", moment, id=id_, **told, expires=self.after(ends or 30 * DAY))

    @rule(moment=moments, claim=st.sampled_from([CLAIM, "c-2", "c-3"]))
    def revoke(self, moment: timedelta, claim: str) -> None:
        self.enter("Revocation", moment, claim=claim)

    @rule(moment=moments, recipient=instances, data=data, purposes=purposes, ends=ends, number=st.integers(1, 2))
    def agree(self, moment: timedelta, recipient: str, data: Any, purposes: Any, ends: timedelta | None, number: int) -> None:
        scope = {"conditions": frozenset({"signed"}), "data": data, "purposes": purposes}
        self.enter("Agreement", moment, recipient=recipient, **scope, ends=self.after(ends), reference=f"a-{number}")

    @rule(moment=moments, recipient=instances, number=st.integers(1, 2))
    def terminate(self, moment: timedelta, recipient: str, number: int) -> None:
        self.enter("Termination", moment, recipient=recipient, reference=f"a-{number}")

    @rule(later=st.sampled_from([0 * DAY, 0 * DAY, 3 * DAY]), revision=revisions, subject=st.sampled_from([None, None, ANN, BOB]))
    def notify(self, later: timedelta, revision: str, subject: str | None) -> None:
        # Not before a use of the service that may have been left out: of those before it, one a month is kept.
        self.enter("Notice", self.newest + later - self.now, revision=revision, subject=subject)

    @rule(moment=moments, subject=subjects, revision=revisions)
    def accept(self, moment: timedelta, subject: str, revision: str) -> None:
        self.enter("Acceptance", moment, subject=subject, revision=revision)

    @rule(moment=moments, subject=subjects, revision=revisions)
    def dissent(self, moment: timedelta, subject: str, revision: str) -> None:
        self.enter("Dissent", moment, subject=subject, revision=revision)

    @rule(moment=moments, subject=subjects)
    def use_the_service(self, moment: timedelta, subject: str) -> None:
        before = len(self.ledger.entries())
        used = self.now + min(moment, 0 * DAY)
        self.ledger.enter(ServiceUse(subject, used))
        kept = len(self.ledger.entries()) > before
        # In the model every use counts; what is left out as the contract says must make no difference but to the time of recording.
        self.model.keep(self.now if kept else BEGINNING, "ServiceUse", subject=subject, time=used)

    # What the gate is asked.

    @rule(use=st.sampled_from(USES), which=st.integers(0, 1))
    def release(self, use: Facts, which: int) -> None:
        expected = self.expected(which, use)
        machine = self.machines[which]
        at = machine.latest
        try:
            machine.gate.check(**use)
            reason = "permitted"
        except PurposeViolation as violation:
            reason = str(violation.decision.reason)
        assert reason == expected
        self.decided.append((use, machine.trail.records[-1]))
        recorded = machine.trail.records[-1].release is not None
        spent = reason == "permitted" and self.model.spends(use, at)
        outside = str(use["recipient"]).startswith(("carrier", "partner"))
        assert recorded == (reason == "permitted" and (outside or spent))
        if recorded:
            self.model.keep(self.now, "spent" if spent else "released", claim=use["claim"])

    @rule(use=st.sampled_from([use for use in USES if use["claim"] == CLAIM]))
    def release_under_the_claim_again_and_again(self, use: Facts) -> None:
        for which in (0, 1, 0):
            self.release(use, which)

    @rule(
        subject=subjects,
        revision=revisions,
        before=st.booleans(),
        dissents=st.sampled_from([None, None, HOUR, 8 * DAY]),
        passed=st.sampled_from([6 * DAY, 8 * DAY, 12 * DAY]),
    )
    def somebody_is_told_and_goes_on(
        self, subject: str, revision: str, before: bool, dissents: timedelta | None, passed: timedelta
    ) -> None:
        if before:
            self.use_the_service(-HOUR, subject)
        self.notify(0 * DAY, revision, subject)
        self.time_passes(HOUR)
        self.use_the_service(0 * DAY, subject)
        if dissents is not None:
            self.dissent(dissents, subject, revision)
        self.time_passes(passed)

    @rule()
    def somebody_objects_on_a_machine_that_is_ahead(self) -> None:
        self.the_clock_of_the_ledger_goes_wrong(DAY)
        self.object(0 * DAY, BOB, "stop", "any", "any", ("carrier",))

    @rule(subject=subjects)
    def somebody_changes_their_mind(self, subject: str) -> None:
        self.withdraw(0 * DAY, subject, "consent")
        self.lift(0 * DAY, subject, "stop")
        self.lift(0 * DAY, subject, "stop_ads")

    @rule(use=st.sampled_from(USES), back=st.sampled_from([0 * DAY, HOUR, DAY, 9 * DAY, -9 * DAY]))
    def ask_as_of(self, use: Facts, back: timedelta) -> None:
        at = self.now - back
        held = [entry for entry in self.model.kept if entry["recorded"] <= at]
        if self.known(use) and at >= NOW - 10 * DAY:
            assert str(self.machines[0].gate.decide(**use, at=at).reason) == self.model.decide(use, at, held)

    @invariant()
    def every_use_is_decided_as_by_the_naive_reading(self) -> None:
        self.looked_at += 1
        which = self.looked_at % 2
        for use in USES:
            expected = self.expected(which, use)
            decision = self.machines[which].gate.decide(**use)
            assert (use, str(decision.reason)) == (use, expected)
        self.decided.append((use, self.machines[which].trail.records[-1 - self.looked_at % len(USES)]))
        self.decided[-1] = (USES[-1 - self.looked_at % len(USES)], self.decided[-1][1])

    @invariant()
    def what_was_decided_is_decided_again(self) -> None:
        for use, record in self.decided[self.looked_at % 7 :: 7]:
            self.replayed(use, record)

    def teardown(self) -> None:
        for use, record in getattr(self, "decided", ()):
            self.replayed(use, record)

    def replayed(self, use: Facts, record: Record) -> None:
        assert self.machines[1].gate.decide(**use, at=record) == record.decision

    def expected(self, which: int, use: Facts) -> str:
        """Decide by the model: never at an earlier time than before, or than anything that is recorded."""
        machine = self.machines[which]
        if not self.known(use):
            return self.model.decide(use, machine.now)
        machine.latest = max(machine.now, machine.latest, self.model.latest)
        return self.model.decide(use, machine.latest)

    def known(self, use: Facts) -> bool:
        return "unheard_of" not in use.values()

    def after(self, ends: timedelta | None) -> datetime | None:
        return None if ends is None else self.now + ends


class KeyedMachine(LedgerMachine):
    key = b"sixteen bytes at least"


class SqliteMachine(KeyedMachine):
    def make_ledger(self) -> Ledger:
        self.folder = TemporaryDirectory(ignore_cleanup_errors=True)
        path = Path(self.folder.name) / "ledger.db"
        self.sql = SqlLedger(path, clock=lambda: self.now, subject_key=self.key, deadline=30, create=True)
        return self.sql

    def teardown(self) -> None:
        try:
            super().teardown()
        finally:
            if hasattr(self, "sql"):
                self.sql.close()
                self.folder.cleanup()


@pytest.mark.parametrize(
    ("machine", "share", "steps"), [(LedgerMachine, 1.2, 30), (KeyedMachine, 0.1, 20), (SqliteMachine, 0.1, 20)]
)
def test_a_gate_decides_as_the_naive_reading_does_whatever_the_ledger_is_told(
    machine: type[LedgerMachine], share: float, steps: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, logger="purposegate")
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=max(5, int(settings.default.max_examples * share)), stateful_step_count=steps),  # type: ignore[union-attr]  # a profile is loaded
    )
