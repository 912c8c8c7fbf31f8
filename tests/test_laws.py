"""The laws hold on generated policies, and each of them catches a judge that breaks it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from laws import LAWS, Judge
from spec import verdict
from strategies import cases

from purposegate import Context, Decision, Engine, Reason, Use


@pytest.mark.parametrize("law", LAWS)
def test_the_engine_keeps_the_law(law: Any) -> None:
    @given(cases())
    def holds(case: Any) -> None:
        assert list(law(case, Engine)) == []

    holds()


# The first case that breaks the law will do; making it smaller would take a minute.
UNSHRUNK = settings(max_examples=5_000, database=None, phases=[Phase.generate], derandomize=True)


def test_the_generated_cases_reach_every_reason() -> None:
    """Laws that are tried on nothing but denials of one kind would hold of any judge."""
    reached: set[str] = set()

    @given(cases())
    def judge_all(case: Any) -> None:
        document, uses, contexts = case
        reached.update(verdict(document, use, context) for use in uses for context in contexts)

    judge_all()

    assert reached == {reason.value for reason in Reason}


class _TakesAnUnknownRecipientForTheController(Engine):
    def decide(self, use: Use, context: Context) -> Decision:
        known = self.class_of(use.recipient) is not None
        return super().decide(use if known else replace(use, recipient=None), context)


class _PermitsUnknownCategories(Engine):
    def decide(self, use: Use, context: Context) -> Decision:
        decision = super().decide(use, context)
        unknown = decision.reason is Reason.UNKNOWN_CATEGORY
        return replace(decision, reason=Reason.PERMITTED) if unknown else decision


class _DeniesWhatTwoClausesGrant(Engine):
    def decide(self, use: Use, context: Context) -> Decision:
        decision = super().decide(use, context)
        return replace(decision, reason=Reason.UNMET_CONDITION) if len(decision.citations) > 1 else decision


class _AsksNoUseClause(Engine):
    def decide(self, use: Use, context: Context) -> Decision:
        decision = super().decide(use, context)
        unopened = decision.reason is Reason.UNDECLARED_PURPOSE
        return replace(decision, reason=Reason.PERMITTED) if unopened else decision


class _DeniesWhatLiesUnderSomething(Engine):
    def decide(self, use: Use, context: Context) -> Decision:
        decision = super().decide(use, context)
        lower = use.data_category in self.policy.categories and bool(self.policy.categories.parents(use.data_category))
        return replace(decision, reason=Reason.UNDECLARED_PURPOSE) if lower else decision


@pytest.mark.parametrize(
    ("law", "broken"),
    list(
        zip(
            LAWS,
            (
                _TakesAnUnknownRecipientForTheController,
                _PermitsUnknownCategories,
                _DeniesWhatTwoClausesGrant,
                _AsksNoUseClause,
                _DeniesWhatLiesUnderSomething,
            ),
            strict=True,
        )
    ),
)
def test_the_law_catches_a_judge_that_breaks_it(law: Any, broken: Judge) -> None:
    """A law that cannot fail proves nothing."""
    found = find(cases(), lambda case: any(True for _ in law(case, broken)), settings=UNSHRUNK)

    assert list(law(found, broken)) != []
    assert list(law(found, Engine)) == []
