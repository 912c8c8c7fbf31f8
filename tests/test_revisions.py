"""Article 9: several revisions of one policy, and what each person has accepted of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import SHIPPED, a_folder, a_policy, a_provision, a_use_clause

from purposegate import (
    Acceptance,
    Claim,
    Consent,
    Dissent,
    Engine,
    Gate,
    LodgedObjection,
    MemoryLedger,
    MemorySink,
    Notice,
    Policy,
    PolicyError,
    PurposeViolation,
    Reason,
    ServiceUse,
    Use,
    Withdrawal,
)
from purposegate.engine.revisions import Revisions
from purposegate.ledger.showing import window_end
from purposegate.policy.compiled import compiled
from purposegate.policy.loader import load
from purposegate.tools.amending import widened

DAY = timedelta(days=1)
JANUARY, MARCH, MAY = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 3, 5))
TERMS = {"clause": "9", "quote": "amend", "window": "P7D", "silence": "accepts", "time_zone": "UTC"}
WIDER: dict[str, Any] = {
    "purposes": {"shipping": {}, "raffle": {}},
    "uses": [a_use_clause(), a_use_clause(clause="8", purposes=["raffle"])],
}


def a_revision(name: str, effective: datetime, **parts: Any) -> Policy:
    parts = {"amendments": TERMS, "purposes": WIDER["purposes"], **parts}
    return a_policy(policy={"revision": name, "effective": effective.date().isoformat()}, **parts)


def first() -> Policy:
    return a_revision("first", JANUARY)


def second(**parts: Any) -> Policy:
    return a_revision("second", MARCH, **(WIDER | parts))


class Service:
    """A gate over revisions, with a ledger, and a clock that is set."""

    def __init__(self, *policies: Policy) -> None:
        self.now = JANUARY
        self.ledger = MemoryLedger(["carrier/ups"], clock=lambda: self.now)
        self.now = MARCH
        self.trail = MemorySink()
        self.gate = Gate(policies or (first(), second()), ledger=self.ledger, trail=self.trail, clock=lambda: self.now)

    def raffles(self, at: datetime, subject: str = "s1") -> bool:
        self.now = at
        return self.gate.decide("email_address", "raffle", subject=subject).permitted


def test_the_revision_in_force_is_the_last_that_has_begun() -> None:
    now = [JANUARY]
    gate = Gate([second(), first()], clock=lambda: now[0])

    in_force = []
    for at in (JANUARY - DAY, JANUARY, MARCH - timedelta(microseconds=1), MARCH, MAY):
        now[0] = at
        in_force.append((gate.policy.revision, gate.decide("email_address", "raffle").reason))

    assert in_force == [
        ("first", Reason.NOT_IN_FORCE),
        ("first", Reason.UNDECLARED_PURPOSE),
        ("first", Reason.UNDECLARED_PURPOSE),
        ("second", Reason.PERMITTED),
        ("second", Reason.PERMITTED),
    ]
    assert [policy.revision for policy in gate.revisions] == ["first", "second"]


def test_nothing_that_is_settled_outlives_its_revision() -> None:
    now = [JANUARY]
    gate = Gate([first(), second(uses=[a_use_clause(clause="8", purposes=["raffle"])], provisions=[])], clock=lambda: now[0])
    shipping = gate.bind("shipping")

    assert shipping.check("email_address")
    assert gate.check("email_address", "shipping")
    now[0] = MARCH

    with pytest.raises(PurposeViolation):
        shipping.check("email_address")
    with pytest.raises(PurposeViolation):
        gate.check("email_address", "shipping")


def test_what_an_amendment_opens_stays_closed_for_whoever_has_not_accepted_it() -> None:
    service = Service()

    decision = service.gate.decide("email_address", "raffle", subject="s1")

    assert (decision.reason, decision.policy.revision, decision.unaccepted) == (Reason.UNDECLARED_PURPOSE, "first", "second")
    service.ledger.enter(Acceptance("s1", "second", MARCH))
    assert service.gate.decide("email_address", "raffle", subject="s1").unaccepted is None
    assert service.raffles(MARCH)
    assert not service.raffles(MARCH, "s2")


def test_a_violation_tells_of_the_revision_that_was_not_accepted() -> None:
    service = Service()

    with pytest.raises(PurposeViolation) as caught:
        service.gate.check("email_address", "raffle", subject="s1")

    assert "help: revision second would permit it, which the person has not accepted" in str(caught.value).splitlines()


def test_what_an_amendment_takes_away_is_gone_at_once() -> None:
    service = Service(first(), second(uses=[a_use_clause(clause="8", purposes=["raffle"])], provisions=[]))
    service.now = MARCH - DAY
    service.ledger.enter(Acceptance("s1", "first", JANUARY))

    assert service.gate.decide("email_address", "shipping", subject="s1")
    service.now = MARCH
    assert service.gate.decide("email_address", "shipping", subject="s1").reason is Reason.UNDECLARED_PURPOSE


SILENCE: list[tuple[str, list[Any], datetime, bool]] = [
    ("notified and used, the window over", [Notice("second", MARCH), ServiceUse("s1", MARCH + DAY)], MARCH + 8 * DAY, True),
    ("an instant before its end", [Notice("second", MARCH), ServiceUse("s1", MARCH + DAY)], MARCH + 8 * DAY - DAY / 1000, False),
    ("used only after the window", [Notice("second", MARCH), ServiceUse("s1", MARCH + 20 * DAY)], MARCH + 20 * DAY, True),
    ("not yet used again", [Notice("second", MARCH), ServiceUse("s1", MARCH + 20 * DAY)], MARCH + 19 * DAY, False),
    ("used only before the notice", [ServiceUse("s1", JANUARY), Notice("second", MARCH)], MARCH + 30 * DAY, False),
    ("used at the very instant of the notice", [Notice("second", MARCH), ServiceUse("s1", MARCH)], MARCH + 30 * DAY, False),
    ("never notified", [ServiceUse("s1", MARCH + DAY)], MARCH + 30 * DAY, False),
    ("notified of another revision", [Notice("first", MARCH), ServiceUse("s1", MARCH + DAY)], MARCH + 30 * DAY, False),
    ("another person was notified", [Notice("second", MARCH, "s2"), ServiceUse("s1", MARCH + DAY)], MARCH + 30 * DAY, False),
    ("this person was notified", [Notice("second", MARCH, "s1"), ServiceUse("s1", MARCH + DAY)], MARCH + 8 * DAY, True),
    ("another person went on", [Notice("second", MARCH), ServiceUse("s2", MARCH + DAY)], MARCH + 30 * DAY, False),
    (
        "dissented within the window",
        [Notice("second", MARCH), ServiceUse("s1", MARCH + DAY), Dissent("s1", "second", MARCH + 7 * DAY)],
        MARCH + 30 * DAY,
        False,
    ),
    (
        "dissented before going on",
        [Notice("second", MARCH), Dissent("s1", "second", MARCH + 15 * DAY), ServiceUse("s1", MARCH + 20 * DAY)],
        MARCH + 30 * DAY,
        False,
    ),
    (
        "dissented after it was accepted",
        [Notice("second", MARCH), ServiceUse("s1", MARCH + DAY), Dissent("s1", "second", MARCH + 9 * DAY)],
        MARCH + 30 * DAY,
        True,
    ),
    (
        "dissented, then accepted expressly",
        [Dissent("s1", "second", MARCH + DAY), Acceptance("s1", "second", MARCH + 2 * DAY)],
        MARCH + 2 * DAY,
        True,
    ),
    (
        "accepted expressly, then dissented",
        [Acceptance("s1", "second", MARCH + DAY), Dissent("s1", "second", MARCH + 2 * DAY)],
        MARCH + 2 * DAY,
        False,
    ),
    ("accepted later", [Acceptance("s1", "second", MARCH + 2 * DAY)], MARCH + DAY, False),
    (
        "a second notice begins no second window",
        [Notice("second", MARCH), Notice("second", MARCH + 7 * DAY), ServiceUse("s1", MARCH + DAY)],
        MARCH + 8 * DAY,
        True,
    ),
]


@pytest.mark.parametrize(("entries", "at", "accepted"), [case[1:] for case in SILENCE], ids=[case[0] for case in SILENCE])
def test_silence_accepts_when_the_window_has_passed_and_the_person_goes_on(
    entries: list[Any], at: datetime, accepted: bool
) -> None:
    service = Service()
    service.ledger.enter(*entries)

    assert service.raffles(at) is accepted


def test_silence_accepts_only_where_the_policy_that_is_amended_says_so() -> None:
    """An amendment does not make the terms of its own acceptance."""
    never = TERMS | {"silence": "never"}
    silent: list[Any] = [Notice("second", MARCH), ServiceUse("s1", MARCH + DAY)]
    outcomes = []
    for before, after in ((TERMS, never), (never, TERMS)):
        service = Service(a_revision("first", JANUARY, amendments=before), second(amendments=after))
        service.ledger.enter(*silent)
        outcomes.append(service.raffles(MARCH + 30 * DAY))

    assert outcomes == [True, False]


def test_an_amendment_that_was_not_accepted_does_not_ease_the_terms_of_the_next() -> None:
    """Who lives under terms by which silence never accepts is not brought to a third revision by those of the second."""
    never, april = TERMS | {"silence": "never"}, datetime(2026, 4, 1, tzinfo=UTC)
    silent: list[Any] = [Notice("third", april), ServiceUse("s1", april + DAY)]
    outcomes = {}
    for first_terms, second_terms in ((never, TERMS), (TERMS, never), (TERMS, TERMS)):
        for accepted in ("first", "second"):
            third = a_revision("third", april, **WIDER)
            service = Service(a_revision("first", JANUARY, amendments=first_terms), second(amendments=second_terms), third)
            service.ledger.enter(Acceptance("s1", accepted, MARCH), Dissent("s1", "second", MARCH - DAY), *silent)
            outcomes[first_terms["silence"], second_terms["silence"], accepted] = service.raffles(MAY)

    assert outcomes == {
        ("never", "accepts", "first"): False,
        ("never", "accepts", "second"): True,
        ("accepts", "never", "first"): False,
        ("accepts", "never", "second"): True,
        ("accepts", "accepts", "first"): True,
        ("accepts", "accepts", "second"): True,
    }


def test_a_window_may_be_so_long_that_it_never_ends() -> None:
    service = Service()
    service.ledger.enter(Notice("second", datetime(9999, 12, 30, tzinfo=UTC)), ServiceUse("s1", MARCH + DAY))

    assert not service.raffles(MAY)


def test_a_policy_without_terms_is_amended_by_express_acceptance_only() -> None:
    service = Service(
        a_policy(policy={"revision": "first", "effective": "2026-01-01"}, purposes={"shipping": {}, "raffle": {}}), second()
    )
    service.ledger.enter(Notice("second", MARCH), ServiceUse("s1", MARCH + DAY))

    assert not service.raffles(MARCH + 30 * DAY)
    service.ledger.enter(Acceptance("s1", "second", MARCH))
    assert service.raffles(MARCH + 30 * DAY)


def test_a_revision_that_is_still_to_come_binds_nobody() -> None:
    narrower = a_revision("third", MAY, uses=[a_use_clause(clause="8", purposes=["raffle"])], provisions=[])
    service = Service(first(), second(), narrower)
    service.ledger.enter(Acceptance("s1", "second", MARCH))

    assert service.gate.decide("email_address", "shipping", subject="s1")
    service.now = MAY
    assert service.gate.decide("email_address", "shipping", subject="s1").policy.revision == "third"


def test_what_an_amendment_widens_is_told_for_each_category_and_purpose() -> None:
    parts: dict[str, Any] = {"categories": {"email_address": {}, "phone": {}}, "provisions": []}
    before = a_revision("first", JANUARY, **parts)
    wider = a_use_clause(clause="8", data=["email_address", "phone"], purposes=["shipping", "raffle"])
    after = a_revision("second", MARCH, uses=[wider], **parts)

    assert list(widened(Engine(before), Engine(after))) == [
        Use("email_address", "raffle"),
        Use("phone", "shipping"),
        Use("phone", "raffle"),
    ]


def test_every_revision_since_the_last_accepted_one_must_permit() -> None:
    middle = a_revision("middle", datetime(2026, 2, 1, tzinfo=UTC))
    outcomes = {}
    for accepted in (None, "first", "middle", "second"):
        service = Service(a_revision("first", JANUARY, **WIDER), middle, second())
        if accepted:
            service.ledger.enter(Acceptance("s1", accepted, JANUARY))
        outcomes[accepted] = service.raffles(MARCH)

    assert outcomes == {None: False, "first": False, "middle": False, "second": True}


def test_the_window_ends_with_its_last_day_where_the_policys_days_begin() -> None:
    notified = datetime(2026, 3, 1, 14, 30, tzinfo=UTC)  # the same day's 23:30 in Tokyo

    assert window_end(notified, timedelta(days=7), "Asia/Tokyo") == datetime(2026, 3, 8, 15, tzinfo=UTC)
    assert window_end(notified + timedelta(hours=1), timedelta(days=7), "Asia/Tokyo") == datetime(2026, 3, 9, 15, tzinfo=UTC)


def test_each_revision_reads_the_ledger_by_its_own_rules() -> None:
    """A consent under the new revision is none under the old one, where that asks for another condition."""
    conditions = {"consent": {"shown_by": "consent"}, "written_consent": {"shown_by": "consent"}}
    raffle = a_use_clause(clause="8", purposes=["raffle"])
    service = Service(
        a_revision("first", JANUARY, conditions=conditions, uses=[raffle | {"conditions": ["written_consent"]}], provisions=[]),
        second(conditions=conditions, uses=[raffle | {"conditions": ["consent"]}], provisions=[]),
    )
    service.ledger.enter(Consent("s1", "consent", "any", "any", "any", JANUARY))

    decision = service.gate.decide("email_address", "raffle", subject="s1")

    assert (decision.reason, decision.unmet, decision.unaccepted) == (Reason.UNMET_CONDITION, ("written_consent",), "second")
    service.ledger.enter(Consent("s1", "written_consent", "any", "any", "any", JANUARY))
    assert service.raffles(MARCH)


def test_a_claim_is_spent_where_only_an_earlier_revision_needs_it() -> None:
    claimed = {"conditions": {"claimed": {"shown_by": "claim"}}}
    service = Service(a_revision("first", JANUARY, provisions=[a_provision(conditions=["claimed"])], **claimed), second(**claimed))
    service.ledger.enter(
        Claim(
            id="case-1",
            conditions=frozenset({"claimed"}),
            subjects=frozenset({"s1"}),
            data="any",
            recipient="carrier/ups",
            requested_by="clerk",
            approved_by="manager",
            approved=JANUARY,
            expires=MAY,
            uses=1,
            reference="file 12",
            authority="the court",
        )
    )

    def release() -> None:
        service.gate.check("email_address", "shipping", "carrier/ups", subject="s1", channel="post", claim="case-1")

    release()
    with pytest.raises(PurposeViolation):
        release()
    assert [each.claim for each in service.ledger.releases()] == ["case-1"]


def test_a_past_decision_is_made_again_exactly_whatever_was_entered_since() -> None:
    service = Service()
    use: dict[str, Any] = {"subject": "s1"}
    steps: list[Callable[[], None]] = [
        lambda: None,
        lambda: service.ledger.enter(Acceptance("s1", "second", service.now)),
        lambda: service.ledger.enter(Dissent("s1", "second", service.now)),
        lambda: service.ledger.enter(Notice("second", service.now), ServiceUse("s1", service.now + DAY)),
        lambda: service.ledger.enter(Acceptance("s1", "second", JANUARY)),
    ]
    for step in steps:
        step()
        service.gate.decide("email_address", "raffle", **use)
        service.now += 3 * DAY
    made = [(record, record.decision) for record in service.trail.records]
    service.now = MAY
    service.ledger.enter(Withdrawal("s1", "consent", JANUARY), Acceptance("s1", "second", JANUARY))

    again = [service.gate.decide("email_address", "raffle", **use, at=record) for record, _ in made]
    by_time = [service.gate.decide("email_address", "raffle", **use, at=record.at) for record, _ in made]

    assert again == by_time == [decision for _, decision in made]
    assert [decision.permitted for decision in again] == [False, True, False, False, False]
    assert len(service.trail.records) == len(made)  # it was no new decision


def test_what_was_entered_later_about_an_earlier_time_is_unknown_then() -> None:
    service = Service(first())
    service.now = JANUARY + DAY
    permitted = service.gate.decide("email_address", "shipping", subject="s1")
    service.now = JANUARY + 2 * DAY
    assert permitted
    service.ledger.enter(LodgedObjection("s1", "unheard_of", JANUARY))

    assert service.gate.decide("email_address", "shipping", subject="s1").reason is Reason.OBJECTION_IN_FORCE
    assert service.gate.decide("email_address", "shipping", subject="s1", at=JANUARY + DAY) == permitted


def test_a_fact_that_was_shown_is_shown_again_and_is_not_asked() -> None:
    answers = [True]
    conditions = {"applied": {"shown_by": "fact"}}
    policy = a_policy(conditions=conditions, uses=[a_use_clause(conditions=["applied"])])
    trail = MemorySink()
    gate = Gate(policy, facts={"applied": lambda _: answers[0]}, trail=trail, clock=lambda: MARCH)

    gate.decide("email_address", "shipping")
    answers[0] = False
    gate.decide("email_address", "shipping")

    assert [bool(gate.decide("email_address", "shipping", at=record)) for record in tuple(trail.records)] == [True, False]


def test_what_an_amendment_widens_is_told_by_its_widest_uses() -> None:
    before, after = Engine(first()), Engine(second(provisions=[a_provision(), a_provision(clause="9", purposes=["raffle"])]))

    assert list(widened(before, after)) == [Use("email_address", "raffle"), Use("email_address", "raffle", "carrier")]
    assert list(widened(after, before)) == []
    assert list(widened(after, after)) == []


def test_a_condition_that_is_dropped_and_a_channel_that_is_added_widen_too() -> None:
    channels: dict[str, Any] = {"post": {}, "email": {}}
    conditions = {"consent": {"shown_by": "consent"}}
    before = a_revision("first", JANUARY, channels=channels, conditions=conditions, provisions=[a_provision(channels=["post"])])
    by_email = second(channels=channels, provisions=[a_provision(channels=["post", "email"])], uses=[a_use_clause()])
    consented = a_revision("first", JANUARY, conditions=conditions, uses=[a_use_clause(conditions=["consent"])], provisions=[])
    unasked = second(conditions=conditions, uses=[a_use_clause()], provisions=[])

    assert list(widened(Engine(before), Engine(by_email))) == [Use("email_address", "shipping", "carrier", channel="email")]
    assert list(widened(Engine(consented), Engine(unasked))) == [Use("email_address", "shipping")]


def a_folder_of_revisions(folder: Path) -> Path:
    begins: dict[str, Any] = {"first": ("2026-01-01", {}), "second": ("2026-03-01", WIDER)}
    for name, (effective, parts) in begins.items():
        document = a_folder(folder, amendments=TERMS, policy={"revision": name, "effective": effective}, **parts)
        document.rename(folder / f"{name}.yaml")
    return folder


def test_a_folder_holds_the_revisions_of_one_policy(tmp_path: Path) -> None:
    folder = a_folder_of_revisions(tmp_path)
    (folder / "first.json").write_bytes(compiled(load(folder / "first.yaml")))
    (folder / "first.yaml").unlink()
    (folder / "cases.test.yaml").write_text("these are cases")
    (folder / "purposegate.schema.json").write_text("{}")
    (folder / "notes.txt").write_text("no policy")

    gate = Gate.load(folder, clock=lambda: MARCH)

    assert [policy.revision for policy in gate.revisions] == ["first", "second"]
    assert gate.check("email_address", "raffle").policy.revision == "second"


def test_the_folder_of_the_shipped_policy_is_its_one_revision() -> None:
    assert [policy.revision for policy in Gate.load(SHIPPED.parent).revisions] == ["2020-03-09"]


THIRD = {"revision": "third", "effective": "2026-05-01"}


def _emptied(folder: Path) -> None:
    for each in folder.iterdir():
        each.unlink()


def _another_controller(folder: Path) -> None:
    recipients = {"shop": {"role": "third_party"}, "carrier": {"role": "controller"}}
    third = a_folder(folder, policy=THIRD | {"controller": "carrier"}, recipients=recipients, provisions=[])
    third.rename(folder / "third.yaml")


WRONG: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "nothing": (_emptied, {"no-policy"}),
    "the same revision twice": (
        lambda folder: (folder / "third.yaml").write_bytes((folder / "second.yaml").read_bytes()),
        {"same-revision", "same-day"},
    ),
    "a day for two": (
        lambda folder: a_folder(folder, policy={"revision": "third", "effective": "2026-03-01"}).rename(folder / "third.yaml"),
        {"same-day"},
    ),
    "no day": (
        lambda folder: a_folder(folder, policy={"revision": "third"}).rename(folder / "third.yaml"),
        {"no-effective-day"},
    ),
    "another policy": (
        lambda folder: a_folder(folder, policy={"id": "other", "revision": "3", "effective": "2026-05-01"}).rename(
            folder / "3.yml"
        ),
        {"another-policy"},
    ),
    "another controller": (_another_controller, {"another-policy"}),
    "a broken revision": (lambda folder: (folder / "third.yaml").write_text("purposegate: 1\n"), {"missing-key"}),
    "half a compiled revision": (
        lambda folder: (folder / "third.json").write_bytes(compiled(load(folder / "second.yaml"))[:-9]),
        {"damaged"},
    ),
    "some other JSON": (lambda folder: (folder / "third.json").write_text("{}"), {"missing-key"}),
}


@pytest.mark.parametrize(("spoil", "slugs"), WRONG.values(), ids=WRONG.keys())
def test_a_folder_that_is_not_revisions_of_one_policy_is_refused_whole(
    spoil: Callable[[Path], object], slugs: set[str], tmp_path: Path
) -> None:
    folder = a_folder_of_revisions(tmp_path)
    spoil(folder)

    with pytest.raises(PolicyError) as caught:
        Gate.load(folder)

    assert {finding.slug for finding in caught.value.findings} == slugs
    places = {finding.location.path for finding in caught.value.findings if finding.location}
    assert all(path.startswith(str(folder)) for path in places)
    assert places


def test_a_revision_that_is_added_comes_into_force_by_a_reload(tmp_path: Path) -> None:
    folder = a_folder_of_revisions(tmp_path)
    (folder / "second.yaml").rename(tmp_path / "later.txt")
    gate = Gate.load(folder, clock=lambda: MARCH)

    assert not gate.decide("email_address", "raffle")
    (tmp_path / "later.txt").rename(folder / "second.yaml")
    gate.reload()

    assert gate.decide("email_address", "raffle").policy.revision == "second"


def test_no_policy_has_no_revisions() -> None:
    with pytest.raises(PolicyError) as caught:
        Revisions([])

    assert [finding.slug for finding in caught.value.findings] == ["no-policy"]
