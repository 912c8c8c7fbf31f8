"""Replaying a trail: each past decision is made again by the judge, on what was known then; what comes out otherwise is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import NOW, SHIPPED, a_context, a_policy, a_provision
from hypothesis import given
from hypothesis import strategies as st
from strategies import cases
from trails import TrailFile, a_decision, a_line, a_record, a_trail_of

from purposegate import Context, Engine, Gate, MemorySink, Policy, Use
from purposegate.engine.decision import Decision, Reason
from purposegate.engine.use import Standing
from purposegate.policy.loader import load
from purposegate.policy.terms import ShownBy
from purposegate.tools.replaying import Case, Change, Replay, Witness, question, replay
from purposegate.tools.tallying import Tally, tally
from purposegate.trail.lines import line_of
from purposegate.trail.reading import Reading
from purposegate.trail.record import Asked, Record, Shown
from purposegate.trail.wanted import Wanted

CONSENT = {"consent": {"shown_by": "consent"}, "adult": {"shown_by": "fact"}}


def an_engine(**parts: Any) -> Engine:
    return Engine(a_policy(**parts))


def replayed(folder: Path, engine: Engine, *old: Policy) -> Replay:
    return replay(Reading(folder), engine, NOW, under={each.digest: Engine(each) for each in old})


def recorded(engine: Engine, use: Use, context: Context, number: int = 1) -> Record:
    """Make the record that a gate makes of a decision."""
    decision = engine.decide(use, context)
    conditions = engine.policy.conditions
    return a_record(
        number,
        decision=decision,
        subject=use.subject,
        channel=use.channel if use.channel in engine.policy.channels else None,
        shown=tuple(Shown(name, conditions[name]) for name in sorted(context.shown)),
        hit=tuple(sorted(context.objections)),
        registered=context.registered,
    )


def test_a_permit_that_another_policy_denies_is_told(tmp_path: Path) -> None:
    records = [recorded(an_engine(), Use("email_address", "shipping", "carrier"), a_context(), number) for number in (1, 2, 3)]
    a_trail_of(tmp_path, records)

    result = replayed(tmp_path, an_engine(provisions=[]))

    case = Case(
        Change.NARROWED,
        "email_address",
        "shipping",
        "carrier",
        Reason.PERMITTED,
        ("1", "2"),
        Reason.UNLISTED_RECIPIENT,
        ("1",),
    )
    witness = Witness(case, 3, NOW + timedelta(seconds=1), NOW + timedelta(seconds=3), records[0].id)
    changes = {Change.WIDENED: 0, Change.NARROWED: 3, Change.OTHERWISE: 0, Change.SAME: 0}
    assert result == Replay(3, changes, (witness,), 0)


def test_a_denial_that_another_policy_permits_is_told(tmp_path: Path) -> None:
    a_trail_of(tmp_path, [recorded(an_engine(provisions=[]), Use("email_address", "shipping", "carrier"), a_context())])

    result = replayed(tmp_path, an_engine())

    assert [(each.case.change, each.case.was, each.case.now) for each in result.witnesses] == [
        (Change.WIDENED, Reason.UNLISTED_RECIPIENT, Reason.PERMITTED)
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [({}, {"provisions": [a_provision(clause="7")]}), ({"provisions": []}, {"provisions": [], "uses": []})],
)
def test_the_same_verdict_by_another_clause_or_for_another_reason_is_told(
    tmp_path: Path, before: dict[str, Any], after: dict[str, Any]
) -> None:
    a_trail_of(tmp_path, [recorded(an_engine(**before), Use("email_address", "shipping", "carrier"), a_context())])

    result = replayed(tmp_path, an_engine(**after))

    assert [each.case.change for each in result.witnesses] == [Change.OTHERWISE]


def test_instances_of_a_class_are_one_case(tmp_path: Path) -> None:
    uses = [Use("email_address", "shipping", f"carrier/{name}") for name in ("a", "b")]
    a_trail_of(tmp_path, [recorded(an_engine(), use, a_context(), number) for number, use in enumerate(uses, 1)])

    result = replayed(tmp_path, an_engine(provisions=[]))

    assert [(each.case.recipient, each.decisions) for each in result.witnesses] == [("carrier", 2)]


def test_what_was_shown_then_is_shown_again(tmp_path: Path) -> None:
    old = an_engine(conditions=CONSENT)
    new = an_engine(conditions=CONSENT, provisions=[a_provision(conditions=["consent"])])
    use = Use("email_address", "shipping", "carrier")
    a_trail_of(tmp_path, [recorded(old, use, a_context(["consent"]), 1), recorded(old, use, a_context(), 2)])

    result = replayed(tmp_path, new)

    assert result.changes == {Change.WIDENED: 0, Change.NARROWED: 1, Change.OTHERWISE: 0, Change.SAME: 1}


def test_a_condition_that_nobody_asked_for_then_is_named(tmp_path: Path) -> None:
    """Where the policy of then is at hand, it tells what it asked for; else the records do."""
    old = a_policy(conditions=CONSENT, exceptions=[a_provision(clause="3", conditions=["adult"])])
    new = an_engine(conditions=CONSENT, provisions=[a_provision(conditions=["consent", "adult"])])
    a_trail_of(tmp_path, [recorded(Engine(old), Use("email_address", "shipping", "carrier"), a_context())])

    known, unknown = replayed(tmp_path, new, old), replayed(tmp_path, new)

    told = [(each.case.unmet, each.case.unasked) for result in (known, unknown) for each in result.witnesses]
    assert told == [(("consent", "adult"), ("consent",)), (("consent", "adult"), ("consent", "adult"))]


def test_an_objection_that_hit_then_hits_again(tmp_path: Path) -> None:
    objections = {"stop": {"clause": "6", "quote": "amend", "data": "any", "purposes": "any", "recipients": "any", "exempt": []}}
    engine = an_engine(objections=objections)
    exempting = an_engine(objections={"stop": objections["stop"] | {"exempt": ["2"]}})
    a_trail_of(tmp_path, [recorded(engine, Use("email_address", "shipping", "carrier"), a_context(objections=["stop"]))])

    assert replayed(tmp_path, engine).changes[Change.SAME] == 1
    assert replayed(tmp_path, exempting).changes[Change.WIDENED] == 1


def test_a_channel_that_was_unknown_then_is_unknown_again(tmp_path: Path) -> None:
    """What was passed for it is not in the record, and is not taken for none."""
    a_trail_of(tmp_path, [recorded(an_engine(), Use("email_address", "shipping", "carrier", channel="pigeon"), a_context())])

    result = replayed(tmp_path, an_engine())

    assert (result.changes[Change.SAME], result.witnesses) == (1, ())


def test_a_record_counts_as_many_decisions_as_it_stands_for(tmp_path: Path) -> None:
    record = a_record(9, count=40, since=NOW, decision=an_engine().decide(Use("email_address", "shipping", "carrier"), a_context()))
    a_trail_of(tmp_path, [record])

    result = replayed(tmp_path, an_engine(provisions=[]))

    assert [(each.decisions, each.first, each.last) for each in result.witnesses] == [(40, NOW, NOW + timedelta(seconds=9))]


def test_questions_and_releases_are_replayed_alike(tmp_path: Path) -> None:
    decision = an_engine().decide(Use("email_address", "shipping", "carrier"), a_context())
    a_trail_of(tmp_path, [a_record(1, decision=decision), a_record(2, decision=decision, asked=Asked.QUESTION)])

    assert replayed(tmp_path, an_engine(provisions=[])).changes[Change.NARROWED] == 2
    only = Reading(tmp_path, Wanted(asked=Asked.QUESTION))
    assert replay(only, an_engine(provisions=[]), NOW).changes[Change.NARROWED] == 1


def test_what_cannot_be_read_is_counted(tmp_path: Path) -> None:
    line = line_of(recorded(an_engine(), Use("email_address", "shipping", "carrier"), a_context()))
    spoilt = (
        line.replace(b'"clauses":["1","2"]', b'"clauses":[{}]'),
        line.replace(b'"reason":"permitted"', b'"reason":"because"'),
        line.replace(b'"asked"', b'"count":"x","asked"'),
        line.replace(b'"asked"', b'"count":-1,"asked"'),
        line.replace(b'"asked"', b'"count":true,"asked"'),
        line.replace(b'"asked"', b'"since":"x","asked"'),
        line.replace(b'"id":"ffff', b'"id":7,"was":"ffff'),
        a_line(3),
    )
    file = TrailFile().seal()
    file.write(line, *spoilt).end().put(tmp_path)

    result = replayed(tmp_path, an_engine())

    assert (result.decisions, result.unreadable) == (1, len(spoilt))


def test_the_shipped_policy_replays_what_a_gate_recorded_by_it_as_the_same(tmp_path: Path) -> None:
    trail = MemorySink()
    gate = Gate(load(SHIPPED), trail=trail, clock=lambda: NOW)
    policy = load(SHIPPED)
    for data_category in policy.categories:
        for purpose in policy.purposes:
            for recipient in (None, "employer_company/acme", "third_party", "service_provider/host", "data_subject", "unheard_of"):
                gate.decide(data_category, purpose, recipient, channel="email")
    a_trail_of(tmp_path, trail.records)

    result = replayed(tmp_path, Engine(policy))

    assert (result.decisions, result.changes[Change.SAME], result.witnesses) == (len(trail.records), len(trail.records), ())


@given(before=cases(), at=st.integers(0, 3))
def test_every_verdict_is_the_judges(tmp_path_factory: pytest.TempPathFactory, before: Any, at: int) -> None:
    """Of generated policies: one decides, and it or one with a rule less decides again."""
    document, uses, contexts = before
    engine = Engine(a_policy(document))
    rules = document["provisions"]
    other = Engine(a_policy(document | {"provisions": rules[:at] + rules[at + 1 :], "never": []}))
    asked = [
        (
            Use(use["data_category"], use["purpose"], use["recipient"], subject=use["subject"], channel=use["channel"]),
            a_context(context["shown"], context["objections"], consulted=context["consulted"], registered=context["registered"]),
        )
        for use in uses
        for context in contexts
    ]
    asked = [(use, context) for use, context in asked if context.shown <= engine.policy.conditions.keys()]
    folder = tmp_path_factory.mktemp("trail")
    a_trail_of(folder, [recorded(engine, use, context, number) for number, (use, context) in enumerate(asked, 1)])

    result = replayed(folder, other)

    expected = Counter(change(engine.decide(*each), other.decide(*each)) for each in asked)
    assert {name: count for name, count in result.changes.items() if count} == expected
    assert result.decisions == len(asked)


def change(was: Decision, now: Decision) -> Change:
    if was.permitted and not now.permitted:
        return Change.NARROWED
    if now.permitted and not was.permitted:
        return Change.WIDENED
    return Change.SAME if (was.reason, was.clauses) == (now.reason, now.clauses) else Change.OTHERWISE


def test_a_question_is_put_again_as_it_was() -> None:
    record = a_record(
        decision=a_decision(standing=Standing.CONSULTED),
        channel="post",
        claim="warrant-7",
        shown=(Shown("consent", ShownBy.CONSENT),),
        hit=("stop",),
        registered=True,
    )

    assert question(record, NOW) == (
        Use("email_address", "shipping", "carrier", subject="u-1", channel="post", claim="warrant-7"),
        Context(NOW, frozenset({"consent"}), frozenset({"stop"}), Standing.CONSULTED, registered=True),
    )


def test_decisions_are_counted_by_what_they_have_in_common(tmp_path: Path) -> None:
    denied = a_decision(reason=Reason.UNMET_CONDITION, clauses=("1", "2"), unmet=("consent",), recipient="carrier/fast")
    records = [
        a_record(1),
        a_record(2, decision=denied),
        a_record(3, decision=denied, count=4, since=NOW),
        a_record(90_000, decision=a_decision(purpose="billing", recipient="shop", clauses=("1",))),
    ]
    file = TrailFile().seal().write(*map(line_of, records), b"{}\n", a_line(4))
    file.end().put(tmp_path)

    assert tally(Reading(tmp_path)) == Tally(
        decisions=7,
        permitted=2,
        reasons={"unmet-condition": 5, "permitted": 2},
        purposes={"shipping": 6, "billing": 1},
        recipients={"carrier": 6, "shop": 1},
        denied_by={"1": 5, "2": 5},
        days={"2026-01-15": 6, "2026-01-16": 1},
        unreadable=2,
    )


def test_what_differs_by_its_time_and_person_alone_is_put_to_the_judge_once(tmp_path: Path) -> None:
    use = Use("email_address", "shipping", subject="u-1")
    record = recorded(an_engine(), use, a_context())
    records = [replace(record, id=f"{'f' * 16}-{n}", at=NOW + timedelta(n), subject=f"u-{n}") for n in range(1, 50)]
    a_trail_of(tmp_path, records)
    judge = Counting(a_policy())

    assert (replay(Reading(tmp_path), judge, NOW).decisions, judge.asked) == (49, 1)


class Counting(Engine):
    """A judge that counts how often it is asked."""

    __slots__ = ("asked",)

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy)
        self.asked = 0

    def decide(self, use: Use, context: Context) -> Decision:
        self.asked += 1
        return super().decide(use, context)
