"""Cedar, which knows nothing of our engine, judges as it does; and a judge that is wrong is caught by the comparison."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import broken
import pytest
from builders import NOW, a_document, a_provision, a_use_clause, an_objection
from cases import (
    INSTANCES,
    Case,
    Data,
    Judge,
    a_judge,
    decided,
    drawn,
    shipped_cases,
    shipped_document,
    shipped_policy,
    shipped_recipients,
)
from cedar import STOPS, Cedar, Judgment, difference
from hints import trials

from purposegate import Engine

SHIPPED_CEDAR = Cedar(shipped_document(), INSTANCES)
DRAWN = [(Cedar(document, INSTANCES), cases) for document, cases in drawn(80, 30, 1)]
USE = {"data_category": "name", "purpose": "shipping", "recipient": "carrier", "channel": "post", "subject": "s1"}
KNOWN = {"at": NOW, "shown": [], "objections": [], "consulted": False, "registered": False}


def differences(cedar: Cedar, judge: Judge, cases: Iterable[Case]) -> list[tuple[Case, str | None]]:
    """Compare the decisions with Cedar's, and try out every hint that they give."""
    asked = [(case, decided(judge, case)) for case in cases if cedar.knows(case[0]["recipient"])]
    tried = [trial for case, decision in asked for trial in trials(cedar.document, case, decision)]
    unlike = [
        (case, difference(cedar.document, judgment, decision))
        for (case, decision), judgment in zip(asked, cedar.judge(case for case, _ in asked), strict=True)
    ]
    misled = [
        (trial.case, trial.hint)
        for trial, judgment in zip(tried, cedar.judge(trial.case for trial in tried), strict=True)
        if not trial.works(judgment)
    ]
    return [each for each in unlike if each[1] is not None] + misled


def judged(document: Data, use: Data = USE, **known: Any) -> Judgment:
    """Let Cedar judge one use of a small policy."""
    (judgment,) = Cedar(document).judge([(use, KNOWN | known)])
    return judgment


def a_shop(**parts: Any) -> Data:
    """Give a shop whose `name` has two parents and whose one provision gives everything to its carrier."""
    return a_document(
        categories={"address": {}, "identity": {}, "name": {"parent": ["address", "identity"]}},
        uses=[a_use_clause(data="any")],
        provisions=[a_provision(data=["address"], **parts.pop("provision", {}))],
        **parts,
    )


def test_cedar_judges_generated_uses_as_the_engine_does() -> None:
    """Permits by the same rules, stops for the same reason, and hints that work."""
    assert [difference for cedar, cases in DRAWN for difference in differences(cedar, a_judge(cedar.document), cases)] == []


@pytest.mark.parametrize("recipient", shipped_recipients(shipped_document()))
def test_cedar_judges_the_shipped_policy_as_the_engine_does(recipient: str) -> None:
    cases = islice(shipped_cases(SHIPPED_CEDAR.document, recipient), None, None, 211)

    assert differences(SHIPPED_CEDAR, Engine(shipped_policy()).decide, cases) == []


def test_the_generated_uses_reach_whatever_cedar_can_say() -> None:
    """A comparison of nothing but denials of one kind would pass any judge."""
    judgments = [
        judgment for cedar, cases in DRAWN for judgment in cedar.judge(case for case in cases if cedar.knows(case[0]["recipient"]))
    ]
    granting = {tuple(sorted(section for section, _ in judgment.granting)) for judgment in judgments}

    assert {judgment.stopped for judgment in judgments} == {None, *STOPS}
    assert {(), ("uses",), ("provisions", "uses"), ("exceptions", "uses"), ("uses", "uses")} < granting


@pytest.mark.parametrize(
    "wrong",
    [
        broken.forgets_objections,
        broken.hears_only_objections_that_cover_the_data,
        broken.lets_processors_do_what_the_controller_may_not,
        broken.takes_an_instance_for_its_class,
        broken.follows_the_first_parent_only,
        broken.forgets_what_is_excepted,
        broken.does_what_is_for_provision_only,
        broken.begins_the_day_somewhere_else,
        broken.cites_the_first_clause_only,
        broken.keeps_its_exceptions_to_itself,
    ],
)
def test_a_judge_that_is_wrong_is_caught(wrong: broken.Broken) -> None:
    """A comparison that cannot fail proves nothing."""
    assert any(differences(cedar, wrong(cedar.document), cases) for cedar, cases in DRAWN)


def test_what_permits_is_named_by_its_rules() -> None:
    assert judged(a_shop()) == Judgment(permitted=True, granting=frozenset({("uses", 0), ("provisions", 0)}))


def test_what_is_excepted_is_denied_also_under_another_parent() -> None:
    """The shop's `name` lies under what is given, and under what is excepted."""
    assert judged(a_shop(provision={"except": {"data": ["identity"]}})) == Judgment(permitted=False)


def test_an_objection_to_one_parent_hits_the_other_as_a_whole() -> None:
    """Something of what the person refused lies under `address` too."""
    document = a_shop(objections={"refused": an_objection(data=["identity"])})

    assert judged(document, USE | {"data_category": "address"}).permitted
    assert not judged(document, USE | {"data_category": "address"}, objections=["refused"]).permitted


def test_a_company_that_the_ledger_does_not_know_is_stopped() -> None:
    acme = USE | {"recipient": "carrier/x1"}

    assert judged(a_shop(), acme, consulted=True, registered=True).permitted
    assert judged(a_shop(), acme, consulted=True).stopped == "unknown-recipient"
    assert judged(a_shop(), USE, consulted=True, registered=True).stopped == "unknown-recipient"


def test_an_id_that_is_no_entity_is_not_put_to_cedar() -> None:
    """Cedar has no word for how an id is spelt, and would deny it for being no entity."""
    cedar = Cedar(a_shop())

    assert cedar.knows("carrier/x1")
    assert cedar.knows("nobody/X")
    assert not cedar.knows("carrier/X")


def test_a_policy_that_cedar_cannot_evaluate_is_no_denial() -> None:
    with pytest.raises(ValueError, match="type error"):
        judged(a_shop(), shown=[], consulted="yes")
