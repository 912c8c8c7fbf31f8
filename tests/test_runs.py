"""Many rules of one purpose and one recipient: each use finds exactly those that cover it, in the policy's order."""

from __future__ import annotations

from typing import Any

import pytest
from builders import a_context, a_provision, a_use_clause, an_engine

from purposegate import Engine, Reason, Use

COUNT = 60
CATEGORIES: dict[str, Any] = {"all": {}} | {f"c{number}": {"parent": "all"} for number in range(20)} | {"alone": {}}
RECIPIENTS = {"shop": {"role": "controller"}, "carrier": {"role": "third_party"}, "broker": {"parent": "carrier"}}


def listed(number: int) -> Any:
    """Give what the rule of a number lists: two categories, or now and then the one above them, or anything."""
    if number % 15 == 7:
        return "any"
    return ["all"] if number % 15 == 11 else [f"c{number % 20}", f"c{(number * 7) % 20}"]


def a_run(**parts: Any) -> Engine:
    provisions = [
        a_provision(clause=f"4({number})", data=listed(number), recipients=["carrier" if number % 2 else "broker"])
        for number in range(COUNT)
    ]
    return an_engine(
        categories=CATEGORIES,
        recipients=RECIPIENTS,
        purposes={"shipping": {}, "express": {"parent": "shipping"}},
        uses=[a_use_clause(data="any")],
        **{"provisions": provisions} | parts,
    )


@pytest.mark.parametrize("recipient", ["carrier", "carrier/x", "broker", "broker/x"])
@pytest.mark.parametrize("purpose", ["shipping", "express"])
def test_a_use_is_granted_by_all_the_rules_that_cover_it_and_no_other(recipient: str, purpose: str) -> None:
    engine = a_run()

    for category in CATEGORIES:
        above = {category, "all"} - ({"all"} if category == "alone" else set())
        expected = [
            f"4({number})"
            for number in range(COUNT)
            if (listed(number) == "any" or above & set(listed(number)))
            and (number % 2 or recipient.startswith("broker"))  # what the carrier is given, the broker under it is given too
        ]
        decision = engine.decide(Use(category, purpose, recipient), a_context())
        assert decision.clauses == ("1", *expected) if expected else decision.reason is Reason.UNLISTED_RECIPIENT
        again = engine.decide(Use(category, purpose, recipient), a_context())
        assert again == decision


def test_what_a_rule_of_a_long_run_excepts_it_does_not_grant() -> None:
    provisions = [a_provision(clause=f"4({number})", data=["all"], **{"except": {"data": [f"c{number}"]}}) for number in range(20)]
    engine = a_run(provisions=provisions)

    decision = engine.decide(Use("c3", "shipping", "carrier/x"), a_context())

    assert decision.clauses == ("1", *(f"4({number})" for number in range(20) if number != 3))


@pytest.mark.parametrize("count", [16, 17, 64, 65])
def test_a_rule_that_lists_very_many_categories_covers_each_of_them(count: int) -> None:
    categories: dict[str, Any] = {f"c{number}": {} for number in range(80)}
    provisions = [a_provision(clause=f"4({number})", data=list(categories)[:count]) for number in range(20)]
    engine = an_engine(categories=categories, uses=[a_use_clause(data="any")], provisions=provisions)

    granted = [name for name in categories if engine.decide(Use(name, "shipping", "carrier/x"), a_context())]

    assert granted == list(categories)[:count]
    assert len(engine.decide(Use("c1", "shipping", "carrier/x"), a_context()).clauses) == 21


def test_a_denial_looks_through_few_rules_and_shows_at_most_twelve() -> None:
    recipients = {"shop": {"role": "controller"}} | {f"r{number}": {"role": "third_party"} for number in range(200)}
    engine = an_engine(
        recipients=recipients,
        categories={"email_address": {}, "name": {}},
        provisions=[a_provision(clause=f"4({number})", recipients=[f"r{number}"]) for number in range(199)]
        + [a_provision(clause=f"5({number})", data=["name"], recipients=["r199"]) for number in range(100)],
    )

    decision = engine.decide(Use("email_address", "shipping", "r199/x"), a_context())

    assert decision.reason is Reason.UNLISTED_RECIPIENT
    assert decision.nearest == tuple(sorted(f"r{number}" for number in range(12)))
    assert decision.clauses == ("1", *(f"5({number})" for number in range(12)))
