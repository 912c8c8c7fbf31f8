"""What every ledger must do, as a class of tests that any implementation derives from."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event
from typing import Any, Final
from zoneinfo import ZoneInfo

from purposegate.engine.use import Use
from purposegate.errors import LedgerError
from purposegate.ledger.keeping import Clock, utc_now
from purposegate.ledger.protocol import Ledger
from purposegate.ledger.records import (
    Acceptance,
    Agreement,
    Claim,
    Consent,
    Deregistration,
    Dissent,
    Entry,
    Lifting,
    LodgedObjection,
    Notice,
    Records,
    Refusal,
    RegisteredRecipient,
    Release,
    Revocation,
    ServiceUse,
    Termination,
    Withdrawal,
)
from purposegate.policy.terms import ANY, Role
from purposegate.testing.together import at_once


class Ticking:
    """A clock for tests: it stands still, and is set forward and back."""

    def __init__(self, now: datetime = datetime(2026, 1, 15, 12, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> datetime:
        """Let time pass, or turn it back where it is negative; give the new instant."""
        self.now += timedelta(**time)
        return self.now


def refused(call: Callable[[], object]) -> LedgerError:
    """Give the `LedgerError` that a call raises; raise `AssertionError` where it raises none."""
    __tracebackhide__ = True
    try:
        call()
    except LedgerError as error:
        return error
    raise AssertionError("expected a ledger error")


class LedgerContract:
    """What every ledger must do: a class of tests, for any runner that collects methods named `test_…`.

    Derive from it, and make a new, empty ledger in `make_ledger`. What a ledger is told it must tell again in the same words, to
    whom it concerns and to nobody else, as of any place and time; and spend no claim more often than it was approved for.
    """

    def make_ledger(self, *, subject_key: bytes | None = None, clock: Clock = utc_now) -> Ledger:
        """Make a new, empty ledger: with a key it stores people under a keyed hash; the clock tells when something is recorded."""
        raise NotImplementedError

    def test_a_new_ledger_holds_nothing(self) -> None:
        ledger, _ = self._new()

        assert _told(ledger.consult(USE)) == Records()
        assert ledger.consult(USE).position == 0
        assert (list(ledger.entries()), list(ledger.releases())) == ([], [])

    def test_every_entry_is_told_again_as_it_was_entered_in_the_order_in_which_it_was(self) -> None:
        ledger, clock = self._new()
        for each in EVERYTHING:
            ledger.enter(each)
            clock.pass_by(seconds=1)

        kept = ledger.entries()

        assert [each.entry for each in kept if not isinstance(each.entry, Claim)] == [
            _as_known(ledger, each) for each in EVERYTHING if not isinstance(each, Claim)
        ]
        assert [each.position for each in kept] == sorted({each.position for each in kept})
        assert [each.recorded for each in kept] == [BEGAN + timedelta(seconds=passed) for passed in range(len(EVERYTHING))]
        assert {each.recorded.utcoffset() for each in kept} == {timedelta()}

    def test_entries_are_found_by_person_by_recipient_and_by_claim(self) -> None:
        ledger, _ = self._new()
        ledger.enter(*EVERYTHING)

        assert {type(each.entry) for each in ledger.entries(subject=ANN)} == {
            Consent,
            Withdrawal,
            LodgedObjection,
            Lifting,
            Refusal,
            Claim,
            Acceptance,
            Dissent,
            ServiceUse,
            Notice,
        }
        assert {type(each.entry) for each in ledger.entries(recipient=ACME)} >= {RegisteredRecipient, Agreement, Termination}
        assert {type(each.entry) for each in ledger.entries(claim="c-1")} == {Claim, Revocation}
        assert list(ledger.entries(subject="nobody")) == []
        assert len(ledger.entries()) == len(EVERYTHING)

    def test_a_consent_is_told_to_whoever_asks_about_that_person_and_to_nobody_else(self) -> None:
        ledger, _ = self._new()
        ledger.enter(a_consent(), a_consent(BOB, condition="other", expires=BEGAN))

        assert ledger.consult(USE).consents == (a_consent(),)
        assert ledger.consult(replace(USE, subject=BOB)).consents == (a_consent(BOB, condition="other", expires=BEGAN),)
        assert ledger.consult(replace(USE, subject=None)).consents == ()

    def test_what_is_held_of_other_people_is_in_no_answer(self) -> None:
        ledger, _ = self._new()
        ledger.enter(*(each for each in EVERYTHING if getattr(each, "subject", None) is not None))

        records = ledger.consult(replace(USE, subject=BOB))

        assert _told(records) == Records()

    def test_a_withdrawal_ends_the_consents_that_were_entered_before_it_under_its_condition(self) -> None:
        ledger, _ = self._new()
        ledger.enter(a_consent(), a_consent(purposes=("express",)), a_consent(condition="other"), a_consent(given=BEGAN + DAY))
        ledger.enter(Withdrawal(ANN, "consent", BEGAN))

        assert [each.withdrawn for each in ledger.consult(USE).consents] == [BEGAN, BEGAN, None, BEGAN]

    def test_a_consent_that_comes_late_does_not_bring_back_what_was_withdrawn_after_it_was_given(self) -> None:
        ledger, _ = self._new()
        ledger.enter(Withdrawal(ANN, "consent", BEGAN), Withdrawal(ANN, "consent", BEGAN + DAY), Withdrawal(BOB, "consent", BEGAN))
        ledger.enter(a_consent(), a_consent(given=BEGAN), a_consent(given=BEGAN + DAY), a_consent(condition="other"))

        assert [each.withdrawn for each in ledger.consult(USE).consents] == [BEGAN, BEGAN + DAY, None, None]

    def test_of_several_ends_the_earliest_counts_also_where_it_is_entered_later(self) -> None:
        ledger, _ = self._new()
        ledger.enter(a_consent(withdrawn=BEGAN), a_consent(withdrawn=BEGAN - DAY * 3))
        ledger.enter(
            Withdrawal(ANN, "consent", BEGAN + DAY), Withdrawal(ANN, "consent", BEGAN - DAY), Withdrawal(ANN, "consent", BEGAN)
        )

        assert [each.withdrawn for each in ledger.consult(USE).consents] == [BEGAN - DAY, BEGAN - DAY * 3]

    def test_a_withdrawal_of_another_person_ends_nothing(self) -> None:
        ledger, _ = self._new()
        ledger.enter(a_consent(), Withdrawal(BOB, "consent", BEGAN), Withdrawal(ANN, "other", BEGAN))

        assert ledger.consult(USE).consents == (a_consent(),)

    def test_an_objection_is_told_with_its_scope(self) -> None:
        ledger, _ = self._new()
        narrow = LodgedObjection(ANN, "suspend", BEGAN, ("email_address",), ("shipping",), ("carrier",))
        ledger.enter(narrow, an_objection())

        assert ledger.consult(USE).objections == (narrow, an_objection())

    def test_a_lifting_ends_what_was_objected_to_by_then_and_no_more(self) -> None:
        ledger, _ = self._new()
        ledger.enter(an_objection(), an_objection(BEGAN + DAY), an_objection(objection="other"))
        ledger.enter(Lifting(ANN, "suspend", BEGAN + DAY / 2), Lifting(BOB, "suspend", BEGAN + DAY * 2), an_objection(BEGAN - DAY))

        assert [each.lifted for each in ledger.consult(USE).objections] == [BEGAN + DAY / 2, None, None, None]

    def test_a_recipient_is_registered_until_it_is_deregistered_and_may_be_registered_again(self) -> None:
        ledger, _ = self._new()
        assert ledger.consult(USE).registered is None

        ledger.enter(a_recipient(role=Role.THIRD_PARTY))
        assert (ledger.consult(USE).registered, ledger.consult(USE).role) == (ACME, Role.THIRD_PARTY)
        assert ledger.consult(replace(USE, recipient="carrier/other")).registered is None

        ledger.enter(Deregistration(ACME, BEGAN))
        assert (ledger.consult(USE).registered, ledger.consult(USE).role) == (None, None)

        ledger.enter(a_recipient())
        assert (ledger.consult(USE).registered, ledger.consult(USE).role) == (ACME, None)

    def test_what_contradicts_the_register_is_refused(self) -> None:
        ledger, _ = self._new()
        refused(lambda: ledger.enter(Deregistration(ACME, BEGAN)))
        ledger.enter(a_recipient())
        refused(lambda: ledger.enter(a_recipient()))
        refused(lambda: ledger.enter(Deregistration("carrier/other", BEGAN)))
        ledger.enter(Deregistration(ACME, BEGAN))
        refused(lambda: ledger.enter(Deregistration(ACME, BEGAN)))

        assert len(ledger.entries()) == 2

    def test_an_agreement_is_told_with_its_end(self) -> None:
        ledger, _ = self._new()
        ledger.enter(an_agreement(), an_agreement(reference="a-2", ends=BEGAN), an_agreement("carrier/other"))
        ledger.enter(Termination(ACME, "a-1", BEGAN + DAY), Termination(ACME, "a-2", BEGAN + DAY), Termination(ACME, "a-1", BEGAN))

        assert [(each.recipient, each.ends) for each in ledger.consult(USE).agreements] == [(ACME, BEGAN), (ACME, BEGAN)]
        assert ledger.consult(replace(USE, recipient="carrier/other")).agreements == (an_agreement("carrier/other"),)
        assert ledger.consult(replace(USE, recipient=None)).agreements == ()

    def test_an_agreement_is_signed_once_and_only_what_was_signed_is_terminated(self) -> None:
        ledger, _ = self._new()
        refused(lambda: ledger.enter(Termination(ACME, "a-1", BEGAN)))
        ledger.enter(an_agreement())
        refused(lambda: ledger.enter(an_agreement()))
        refused(lambda: ledger.enter(Termination(ACME, "a-2", BEGAN)))
        refused(lambda: ledger.enter(Termination("carrier/other", "a-1", BEGAN)))

        assert len(ledger.entries()) == 1

    def test_a_claim_is_told_to_whoever_names_it(self) -> None:
        ledger, _ = self._new()
        ledger.enter(a_claim(), a_claim("c-2"))

        records = ledger.consult(replace(USE, claim="c-1"))

        assert records.claim is not None
        assert ANN in records.claim.subjects
        assert (replace(records.claim, subjects=frozenset()), records.spent, records.revoked) == (
            replace(a_claim(), subjects=frozenset()),
            0,
            None,
        )
        assert ledger.consult(USE).claim is None
        assert ledger.consult(replace(USE, claim="c-3")).claim is None

    def test_a_claim_is_entered_once_and_revoked_only_where_there_is_one(self) -> None:
        ledger, _ = self._new()
        refused(lambda: ledger.enter(Revocation("c-1", BEGAN, "dora")))
        ledger.enter(a_claim())
        refused(lambda: ledger.enter(a_claim()))
        ledger.enter(Revocation("c-1", BEGAN + DAY, "dora"), Revocation("c-1", BEGAN, "dora"))
        refused(lambda: ledger.enter(a_claim()))

        assert ledger.consult(replace(USE, claim="c-1")).revoked == BEGAN

    def test_a_notice_to_everyone_is_nothing_that_a_claim_could_contradict(self) -> None:
        ledger, _ = self._new()
        ledger.enter(Notice("2", BEGAN))

        refused(lambda: ledger.enter(Revocation("c-1", BEGAN, "dora")))
        ledger.enter(a_claim())

        assert ledger.consult(replace(USE, claim="c-1")).claim is not None

    def test_a_claim_is_spent_by_releases_alone(self) -> None:
        ledger, _ = self._new()
        ledger.enter(a_claim(), a_claim("c-2"))
        named = replace(USE, claim="c-1")
        assert [ledger.consult(named).spent for _ in range(3)] == [0, 0, 0]

        ledger.record([a_release("r-1"), a_release("r-2", claim="c-1")])

        assert ledger.consult(named).spent == 1
        assert ledger.consult(replace(named, claim="c-2")).spent == 0

    def test_a_claim_is_spent_as_often_as_it_was_approved_for_and_not_once_more(self) -> None:
        ledger, _ = self._new()
        ledger.enter(a_claim(uses=2))
        ledger.record([a_release("r-1", claim="c-1")])

        refused(lambda: ledger.record([a_release("r-2", claim="c-1"), a_release("r-3", claim="c-1")]))
        ledger.record([a_release("r-4", claim="c-1")])
        refused(lambda: ledger.record([a_release("r-5", claim="c-1")]))
        refused(lambda: ledger.record([a_release("r-6", claim="c-2")]))

        assert ledger.consult(replace(USE, claim="c-1")).spent == 2
        assert [each.id for each in ledger.releases()] == ["r-1", "r-4"]

    def test_threads_that_spend_a_claim_at_once_spend_no_more_than_there_is(self) -> None:
        ledger, _ = self._new()
        ledger.enter(a_claim(uses=3))
        recorded: list[str] = []

        def spend(name: str) -> None:
            with suppress(LedgerError):
                ledger.record([a_release(name, claim="c-1")])
                recorded.append(name)

        at_once([partial(spend, f"r-{number}") for number in range(8)])

        assert len(recorded) == 3
        assert {each.id for each in ledger.releases(claim="c-1")} == set(recorded)
        assert ledger.consult(replace(USE, claim="c-1")).spent == 3

    def test_threads_that_record_at_once_lose_nothing(self) -> None:
        ledger, _ = self._new()

        def write(name: str) -> None:
            for number in range(5):
                ledger.record([a_release(f"{name}-{number}-a"), a_release(f"{name}-{number}-b")])
                ledger.enter(a_consent(name))

        at_once([partial(write, f"s{number}") for number in range(4)])

        ids = [each.id for each in ledger.releases()]
        assert sorted(ids) == sorted(f"s{who}-{number}-{part}" for who in range(4) for number in range(5) for part in "ab")
        assert all(ids[at + 1] == ids[at][:-1] + "b" for at in range(0, len(ids), 2))
        assert [len(ledger.entries(subject=f"s{number}")) for number in range(4)] == [5] * 4
        kept = ledger.entries()
        assert len({each.position for each in kept}) == len(kept) == 20

    def test_one_answer_holds_all_that_was_entered_together_or_nothing_of_it(self) -> None:
        ledger, _ = self._new()
        seen: list[int] = []
        over = Event()

        def write() -> None:
            for _ in range(10):
                ledger.enter(a_consent(), an_objection(), a_consent())
            over.set()

        def read() -> None:
            while not over.is_set():
                records = ledger.consult(USE)
                seen.append(len(records.consents) - 2 * len(records.objections))
                assert len(records.consents) + len(records.objections) <= records.position

        at_once([write, read])

        assert set(seen) <= {0}
        assert len(ledger.consult(USE).objections) == 10

    def test_entries_are_kept_all_or_none(self) -> None:
        ledger, _ = self._new()
        ledger.enter(a_recipient())
        before = ledger.consult(USE)

        refused(lambda: ledger.enter(a_consent(), a_claim(), Revocation("c-1", BEGAN, "dora"), a_recipient()))

        assert ledger.consult(USE) == before
        assert ledger.consult(replace(USE, claim="c-1")).claim is None
        assert len(ledger.entries()) == 1

    def test_of_what_is_entered_together_the_later_knows_the_earlier(self) -> None:
        ledger, _ = self._new()
        refused(lambda: ledger.enter(a_claim(), a_claim()))
        refused(lambda: ledger.enter(a_recipient(), Deregistration(ACME, BEGAN), Deregistration(ACME, BEGAN)))

        ledger.enter(a_recipient(), Deregistration(ACME, BEGAN), a_recipient(), a_claim(), Revocation("c-1", BEGAN, "dora"))

        assert ledger.consult(USE).registered == ACME
        assert len(ledger.entries()) == 5

    def test_nothing_entered_or_recorded_is_nothing(self) -> None:
        ledger, _ = self._new()

        ledger.enter()
        ledger.record([])

        assert ledger.consult(USE).position == 0

    def test_releases_are_kept_all_or_none(self) -> None:
        ledger, _ = self._new()
        ledger.enter(a_claim(uses=1))

        refused(lambda: ledger.record([a_release("r-1"), a_release("r-2", claim="c-1"), a_release("r-3", claim="c-1")]))

        assert list(ledger.releases()) == []
        assert ledger.consult(replace(USE, claim="c-1")).spent == 0

    def test_a_release_that_is_told_twice_is_kept_and_spends_once(self) -> None:
        ledger, clock = self._new()
        ledger.enter(a_claim(uses=1))
        once = a_release("r-1", claim="c-1")

        ledger.record([once, once])
        clock.pass_by(days=1)
        ledger.record([once])
        ledger.record([a_release("r-2"), once])

        assert [each.id for each in ledger.releases()] == ["r-1", "r-2"]
        assert ledger.consult(replace(USE, claim="c-1")).spent == 1

    def test_another_release_under_the_same_id_is_refused(self) -> None:
        ledger, _ = self._new()
        ledger.enter(a_claim())
        first = a_release("r-1")
        ledger.record([first])

        for part in (
            {"at": BEGAN + DAY},
            {"data_category": "name"},
            {"purpose": "express"},
            {"recipient": "carrier/other"},
            {"subject": BOB},
            {"channel": None},
            {"clauses": ("1",)},
            {"claim": "c-1"},
            {"exempt": "a ground"},
        ):
            other: Release = replace(first, **part)
            refused(lambda other=other: ledger.record([a_release("r-2"), other]))  # type: ignore[misc]  # bound to this one
            refused(lambda other=other: ledger.record([replace(other, id="r-3"), replace(first, id="r-3")]))  # type: ignore[misc]  # as above

        assert list(ledger.releases()) == [_kept_as(ledger, first)]

    def test_a_release_is_told_twice_at_the_same_instant_in_whatever_zone(self) -> None:
        ledger, _ = self._new()
        # The second half past one of the night in which the clocks go back: in another zone Python calls no time equal to it.
        at = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"), fold=1)

        ledger.record([a_release("r-1", at=at)])
        ledger.record([a_release("r-1", at=at)])
        ledger.record([a_release("r-1", at=at.astimezone(UTC))])

        assert [each.at.astimezone(UTC) for each in ledger.releases()] == [datetime(2026, 11, 1, 6, 30, tzinfo=UTC)]

    def test_times_are_told_again_so_that_they_compare_as_instants(self) -> None:
        ledger, _ = self._new()
        zone = ZoneInfo("America/New_York")
        expires = datetime(2026, 11, 1, 1, 15, tzinfo=zone, fold=0)  # an hour and a bit before `later`, and after it by the wall
        later = datetime(2026, 11, 1, 1, 10, tzinfo=zone, fold=1)
        ledger.enter(a_consent(expires=expires))

        (consent,) = ledger.consult(USE).consents

        assert consent.expires is not None
        assert consent.expires < later

    def test_releases_are_told_in_order_as_they_were_recorded_by_person_recipient_and_claim(self) -> None:
        ledger, _ = self._new()
        ledger.enter(a_claim())
        ledger.record([a_release("r-2"), a_release("r-1", subject=BOB), a_release("r-3", claim="c-1", exempt="a ground")])
        ledger.record([a_release("r-0", recipient="carrier/other", channel=None, clauses=())])

        def ids(**asked: str) -> list[str]:
            return [each.id for each in ledger.releases(**asked)]

        assert ids() == ["r-2", "r-1", "r-3", "r-0"]
        assert ids(subject=ANN) == ["r-2", "r-3", "r-0"]
        assert ids(recipient=ACME) == ["r-2", "r-1", "r-3"]
        assert ids(claim="c-1") == ["r-3"]
        assert ids(subject=ANN, recipient=ACME) == ["r-2", "r-3"]
        assert ids(subject="nobody") == ids(claim="c-2") == []
        assert list(ledger.releases(subject=ANN))[1:] == [
            a_release("r-3", claim="c-1", exempt="a ground"),
            a_release("r-0", recipient="carrier/other", channel=None, clauses=()),
        ]

    def test_notices_are_told_of_the_person_and_of_everyone(self) -> None:
        ledger, _ = self._new()
        ledger.enter(Notice("2", BEGAN), Notice("2", BEGAN + DAY, ANN), Notice("2", BEGAN, BOB))

        assert set(ledger.consult(USE).notices) == {Notice("2", BEGAN), Notice("2", BEGAN + DAY, ANN)}
        assert ledger.consult(replace(USE, subject=None)).notices == (Notice("2", BEGAN),)

    def test_acceptances_and_dissents_are_told_of_the_person(self) -> None:
        ledger, _ = self._new()
        ledger.enter(
            Acceptance(ANN, "2", BEGAN), Dissent(ANN, "2", BEGAN + DAY), Acceptance(BOB, "2", BEGAN), Dissent(BOB, "3", BEGAN)
        )

        records = ledger.consult(USE)

        assert (records.acceptances, records.dissents) == ((Acceptance(ANN, "2", BEGAN),), (Dissent(ANN, "2", BEGAN + DAY),))

    def test_a_refusal_is_kept_and_bears_on_no_use(self) -> None:
        ledger, _ = self._new()
        ledger.enter(Refusal(ANN, "suspend", BEGAN, "a dispute", "dora"))

        assert _told(ledger.consult(USE)) == Records()
        assert [each.entry for each in ledger.entries(subject=ANN)] == [Refusal(ANN, "suspend", BEGAN, "a dispute", "dora")]

    def test_of_the_uses_of_the_service_the_first_after_a_notice_is_kept_and_else_one_a_month(self) -> None:
        ledger, _ = self._new()

        def used(*days: float) -> list[float]:
            for each in days:
                ledger.enter(ServiceUse(ANN, BEGAN + each * DAY))
            return [(each.used - BEGAN) / DAY for each in ledger.consult(USE).service_uses]

        assert used(0, 1, 29) == [0]
        assert used(30, 31) == [0, 30]
        ledger.enter(Notice("2", BEGAN + 32 * DAY))
        assert used(33, 34) == [0, 30, 33]
        ledger.enter(Notice("2", BEGAN + 35 * DAY, ANN), Notice("2", BEGAN + 37 * DAY, BOB))
        assert used(36, 38) == [0, 30, 33, 36]

    def test_a_use_at_the_instant_of_a_notice_is_not_yet_the_first_after_it(self) -> None:
        ledger, _ = self._new()
        ledger.enter(ServiceUse(ANN, BEGAN - DAY), Notice("2", BEGAN))

        ledger.enter(ServiceUse(ANN, BEGAN), ServiceUse(ANN, BEGAN + DAY))

        assert BEGAN + DAY in [each.used for each in ledger.consult(USE).service_uses]

    def test_an_answer_as_of_a_place_is_the_answer_that_was_given_there(self) -> None:
        ledger, clock = self._new()
        asked = [replace(USE, claim="c-1"), replace(USE, subject=BOB), replace(USE, recipient=None)]
        then: list[tuple[int, list[Records], int]] = []
        for each in (
            *EVERYTHING,
            a_release("r-1", claim="c-2"),
            a_consent(BOB),
            a_release("r-2", claim="c-2"),
            a_recipient("carrier/z"),
        ):
            if isinstance(each, Release):
                ledger.record([each])
            else:
                ledger.enter(each)
            clock.pass_by(minutes=1)
            answers = [ledger.consult(use) for use in [*asked, replace(USE, claim="c-2")]]
            assert len({answer.position for answer in answers}) == 1
            then.append((answers[0].position, list(map(_told, answers)), len(ledger.entries())))

        for position, answers, entries in then:
            again = [ledger.consult(use, position) for use in [*asked, replace(USE, claim="c-2")]]
            assert list(map(_told, again)) == answers
            assert len(ledger.entries(as_of=position)) == entries
        assert [_told(ledger.consult(use, 0)) for use in asked] == [Records()] * 3
        assert [position for position, _, _ in then] == sorted({position for position, _, _ in then})

    def test_an_answer_as_of_an_instant_holds_what_was_recorded_by_then(self) -> None:
        ledger, clock = self._new()
        ledger.enter(a_consent(), a_claim())
        ledger.record([a_release("r-1", claim="c-1")])
        first = clock.now
        second = clock.pass_by(hours=1)
        ledger.enter(Withdrawal(ANN, "consent", BEGAN - DAY))  # it is back-dated, and was not known then all the same
        ledger.record([a_release("r-2", claim="c-1")])
        named = replace(USE, claim="c-1")

        def as_of(at: datetime) -> tuple[list[datetime | None], int]:
            records = ledger.consult(named, at)
            return [each.withdrawn for each in records.consents], records.spent

        assert as_of(first - timedelta(microseconds=1)) == ([], 0)
        assert as_of(first) == as_of(second - timedelta(microseconds=1)) == ([None], 1)
        assert as_of(second.astimezone(ZoneInfo("Asia/Tokyo"))) == ([BEGAN - DAY], 2)
        assert [len(ledger.entries(as_of=at)) for at in (first - DAY, first, second)] == [0, 2, 3]
        assert [len(ledger.entries(subject=ANN, as_of=at)) for at in (first - DAY, first, second)] == [0, 2, 3]

    def test_what_is_recorded_later_never_bears_an_earlier_time(self) -> None:
        ledger, clock = self._new()
        ledger.enter(a_consent())
        clock.pass_by(days=-2)
        ledger.enter(an_objection())
        ledger.record([a_release("r-1")])
        clock.pass_by(days=1)
        ledger.enter(a_consent(BOB))

        kept = ledger.entries()

        assert [each.recorded for each in kept] == [BEGAN] * 3
        assert ledger.consult(USE).latest == BEGAN
        assert len(ledger.consult(USE, BEGAN).objections) == 1
        assert ledger.consult(USE, BEGAN - timedelta(microseconds=1)).objections == ()

    def test_the_place_and_time_of_the_last_thing_recorded_are_in_every_answer(self) -> None:
        ledger, clock = self._new()
        ledger.enter(a_consent(BOB))
        entered = ledger.consult(USE)
        later = clock.pass_by(hours=1)
        ledger.record([a_release("r-1", subject=BOB)])
        recorded = ledger.consult(USE)

        assert (entered.position, entered.latest) == (ledger.entries()[-1].position, BEGAN)
        assert recorded.position > entered.position
        assert recorded.latest == later

    def test_people_are_found_by_their_own_ids_and_with_a_key_are_stored_under_none(self) -> None:
        ledger = self.make_ledger(subject_key=KEY, clock=Ticking())
        ledger.enter(a_consent(), an_objection(), a_claim(), Acceptance(ANN, "2", BEGAN), ServiceUse(BOB, BEGAN))
        ledger.record([a_release("r-1"), a_release("r-2", subject=BOB)])

        records = ledger.consult(replace(USE, claim="c-1"))

        assert records.consents == (a_consent(),)
        assert records.objections == (an_objection(),)
        assert records.acceptances == (Acceptance(ANN, "2", BEGAN),)
        assert records.claim is not None
        assert ANN in records.claim.subjects
        assert BOB not in records.claim.subjects
        assert list(ledger.releases(subject=ANN)) == [a_release("r-1")]
        assert [each.entry for each in ledger.entries(subject=BOB) if not isinstance(each.entry, Claim)] == [ServiceUse(BOB, BEGAN)]
        assert BOB not in repr(ledger.entries(subject=ANN)).replace(repr(ANN), "")
        shown = repr((ledger.entries(), list(ledger.releases()), ledger.entries(claim="c-1"), ledger))
        assert ANN not in shown
        assert BOB not in shown
        assert ledger.known_as(ANN) in shown

    def test_people_are_known_under_the_same_id_with_the_same_key_and_under_another_with_another(self) -> None:
        keyed, again, other = (self.make_ledger(subject_key=key) for key in (KEY, KEY, KEY[::-1]))

        assert keyed.known_as(ANN) == again.known_as(ANN)
        assert len({keyed.known_as(ANN), keyed.known_as(BOB), other.known_as(ANN), ANN}) == 4
        assert keyed.known_as(keyed.known_as(ANN)) != keyed.known_as(ANN)

    def test_whoever_listens_is_told_of_each_person_of_whom_something_was_entered(self) -> None:
        ledger, _ = self._new()
        first: list[str | None] = []
        second: list[str | None] = []
        ledger.on_change(first.append)
        ledger.on_change(second.append)

        ledger.enter(a_consent(), an_objection(subject=CEM))
        refused(lambda: ledger.enter(a_consent(BOB), Deregistration(ACME, BEGAN)))

        assert {ledger.known_as(ANN), ledger.known_as(CEM)} <= set(first) & set(second)
        assert ledger.known_as(BOB) not in (*first, *second)

    def test_whoever_listens_is_told_of_none_where_it_may_concern_anybody(self) -> None:
        for entry in (a_recipient(), an_agreement(), a_claim(), Notice("2", BEGAN)):
            ledger, _ = self._new()
            told: list[str | None] = []
            ledger.on_change(told.append)

            ledger.enter(entry)

            assert None in told

    def test_what_is_told_to_a_listener_is_in_the_ledger_already(self) -> None:
        ledger, _ = self._new()
        held: list[int] = []
        ledger.on_change(lambda _: held.append(len(ledger.consult(USE).consents)))

        ledger.enter(a_consent())

        assert 1 in held

    def test_a_listener_that_fails_keeps_no_other_from_being_told_and_undoes_nothing(self) -> None:
        ledger, _ = self._new()
        told: list[str | None] = []

        def failing(_: str | None) -> None:
            raise RuntimeError

        ledger.on_change(failing)
        ledger.on_change(told.append)

        ledger.enter(a_consent(), an_objection(subject=CEM))

        assert {ledger.known_as(ANN), ledger.known_as(CEM)} <= set(told)
        assert len(ledger.entries()) == 2

    def _new(self) -> tuple[Ledger, Ticking]:
        clock = Ticking(BEGAN)
        return self.make_ledger(clock=clock), clock


BEGAN: Final = datetime(2026, 1, 15, 12, tzinfo=UTC)
DAY: Final = timedelta(days=1)
KEY: Final = b"a key that is long enough"
# Ids of people that occur in no other word.
ANN, BOB, CEM = "person-ann", "person-bob", "person-cem"
ACME: Final = "carrier/acme"
USE: Final = Use("email_address", "shipping", ACME, subject=ANN, channel="post")


def a_consent(subject: str = ANN, **parts: object) -> Consent:
    """Make a consent."""
    given: dict[str, Any] = {
        "condition": "consent",
        "data": ANY,
        "purposes": ("shipping",),
        "recipients": ANY,
        "given": BEGAN - DAY,
    }
    return Consent(subject, **given | parts)


def an_objection(lodged: datetime = BEGAN - DAY, *, subject: str = ANN, objection: str = "suspend") -> LodgedObjection:
    """Make an objection to everything."""
    return LodgedObjection(subject, objection, lodged)


def a_recipient(recipient: str = ACME, *, role: Role | None = None) -> RegisteredRecipient:
    """Make a registration."""
    return RegisteredRecipient(recipient, "Acme K.K.", "JP", BEGAN, ("acme",), role)


def an_agreement(recipient: str = ACME, *, reference: str = "a-1", ends: datetime | None = None) -> Agreement:
    """Make an agreement."""
    conditions = frozenset({"confidentiality", "selection"})
    signed = {"reference": reference, "selection": "s-1", "country": "JP"}
    return Agreement(recipient, conditions, ANY, ("shipping",), BEGAN - DAY, ends, sub_processors=("sub",), **signed)


def a_claim(id_: str = "c-1", *, uses: int = 5) -> Claim:
    """Make a claim for two people's data."""
    return Claim(
        id_,
        frozenset({"required_by_law", "other"}),
        frozenset({ANN, BOB}),
        ("email_address", "name"),
        ACME,
        requested_by="cora",
        approved_by="dora",
        approved=BEGAN - DAY,
        expires=BEGAN + 30 * DAY,
        uses=uses,
        reference="file-1",
        authority="an order",
    )


def a_release(id_: str, **parts: object) -> Release:
    """Make a release."""
    of: dict[str, Any] = {"data_category": "email_address", "purpose": "shipping", "recipient": ACME, "subject": ANN}
    told: dict[str, Any] = {"at": BEGAN, "channel": "post", "clauses": ("1", "4(2)A")}
    return Release(id_, **of | told | parts)


# One entry of each kind, and of what may be left out in it both; times in another zone come back as the same instant.
EVERYTHING: Final[tuple[Entry, ...]] = (
    a_recipient(role=Role.THIRD_PARTY),
    a_recipient("carrier/other"),
    Deregistration("carrier/other", BEGAN),
    a_consent(),
    a_consent(
        data=("email_address", "name"),
        expires=BEGAN + DAY,
        withdrawn=BEGAN.astimezone(ZoneInfo("Asia/Tokyo")),
        text_version="文面 1",
    ),
    Withdrawal(ANN, "consent", BEGAN),
    an_objection(),
    LodgedObjection(ANN, "suspend", BEGAN, ("name",), ("shipping",), ("carrier",), BEGAN + DAY),
    Lifting(ANN, "suspend", BEGAN),
    Refusal(ANN, "disclosure", BEGAN, "a dispute", "dora"),
    a_claim(),
    Revocation("c-1", BEGAN, "dora"),
    a_claim("c-2"),
    an_agreement(ends=BEGAN + DAY),
    an_agreement(reference="a-2"),
    Termination(ACME, "a-1", BEGAN),
    Notice("2", BEGAN),
    Notice("2", BEGAN, ANN),
    Acceptance(ANN, "2", BEGAN),
    Dissent(ANN, "2", BEGAN),
    ServiceUse(ANN, BEGAN),
)


def _told(records: Records) -> Records:
    return replace(records, position=0, latest=None)


def _as_known(ledger: Ledger, entry: Entry) -> Entry:
    of: Any = entry
    subject = getattr(entry, "subject", None)
    told: Entry = of if subject is None else replace(of, subject=ledger.known_as(subject))
    return told


def _kept_as(ledger: Ledger, release: Release) -> Release:
    return replace(release, subject=ledger.known_as(release.subject))
