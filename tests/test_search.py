"""What the search for a broken `never` costs: it counts each step that it takes, and gives up where it has no more."""

from __future__ import annotations

from typing import Any

import pytest
from builders import a_policy, a_provision, a_use_clause

from purposegate import Engine, Finding, PolicyError, Severity
from purposegate.engine import never
from purposegate.engine.never import _OutOfSteps, _Search
from purposegate.policy.policy import Never

CONSENT = {"consent": {"shown_by": "consent"}}


def a_search(**parts: Any) -> _Search:
    engine = Engine(a_policy(conditions=CONSENT, **parts))
    return _Search(engine, engine._uses, engine._grants)


def spent(search: _Search, of: Never) -> int:
    """Search in vain, and tell how many steps that took."""
    before = search.steps
    assert search.breach(of) is None
    return before - search.steps


def test_a_search_has_steps_for_itself_and_for_every_rule() -> None:
    few, more = a_search(), a_search(provisions=[a_provision() for _ in range(11)])

    assert (few.steps, more.steps) == (50_000 + 2 * 40, 50_000 + 12 * 40)


def test_a_search_that_has_used_up_its_steps_ends() -> None:
    search = a_search()
    search.steps = 10

    search._spend(9)

    assert search.steps == 1
    with pytest.raises(_OutOfSteps):
        search._spend(1)


def test_the_never_at_which_the_steps_ran_out_is_told_and_what_comes_after_it_is_not_searched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(never, "_STEPS", 40)
    monkeypatch.setattr(never, "_STEPS_A_RULE", 0)
    shown = {"data": ["email_address"], "purposes": ["shipping"], "recipients": ["shop"], "unless": []}
    policy = a_policy(
        categories={"email_address": {}} | {f"c{number}": {} for number in range(50)},
        never=[shown | {"data": ["c1"]}, shown | {"data": "any"}, shown],
    )

    with pytest.raises(PolicyError) as raised:
        Engine(policy)

    assert raised.value.findings == (
        Finding(
            "untested-never",
            Severity.ERROR,
            "the policy has too many names and rules for this to be tested",
            policy.place("never", 1),
            help="name fewer purposes or recipients",
        ),
    )


def test_every_step_of_a_search_is_counted() -> None:
    """Names, then the rules of each purpose and recipient, then the data of each pair of rules, then what is judged."""
    search = a_search(
        categories={f"c{number}": {} for number in range(302)},
        purposes={"p0": {}, "p1": {}, "p2": {}},
        recipients={"shop": {"role": "controller"}, "r1": {"role": "third_party"}, "r2": {"role": "third_party"}},
        uses=[
            a_use_clause(purposes=["p0"], data="any"),
            a_use_clause(purposes=["p0"], data=["c0", "c1", "c2"]),
            a_use_clause(purposes=["p1"], data="any", conditions=["consent"]),
        ],
        provisions=[
            # Looked at and judged, though it grants nothing.
            a_provision(purposes=["p0"], recipients=["r1"], data=["c1", "c2", "c3"], **{"except": {"purposes": ["p0"]}}),
            a_provision(purposes=["p0"], recipients=["r2"], data="any", conditions=["consent"]),
            a_provision(purposes=["p1", "p2"], recipients=["r1", "r2"], data="any"),
        ],
    )

    names = 302 + 2 + 3
    rules_of_p0 = 3 + 2 + (1 + 1 + 2 * 1) + (1 + 1 + 2 * 0)  # those of the second recipient apply only with consent
    first_pair = 302 // 100 + 3 + 3 * 20
    second_pair = 3 + 3 + 2 * 20
    rules_of_p1_and_p2 = (3 + 1) + 3  # what opens nothing is asked for no recipient
    assert spent(search, Never("any", "any", ("r1", "r2"), ("consent",))) == (
        names + rules_of_p0 + first_pair + second_pair + rules_of_p1_and_p2
    )


def test_only_the_lowest_names_under_a_never_are_tried() -> None:
    search = a_search(
        categories={"person": {}, "name": {"parent": "person"}, "phone": {"parent": "person"}, "cookie": {}},
        purposes={"service": {}, "shipping": {"parent": "service"}, "express": {"parent": "service"}, "raffle": {}},
        recipients={"shop": {"role": "controller"}, "carrier": {"role": "third_party"}, "broker": {"parent": "carrier"}},
        uses=[],
        provisions=[],
    )

    names = 2 + 2 + 2  # name and phone; carrier and broker; shipping and express
    assert spent(search, Never(("person",), ("service",), ("carrier",), ())) == names + 2 * 3
    assert spent(search, Never("any", "any", "any", ())) == 3 + 3 + 3 + 3 * 3


def test_the_controller_is_tried_with_its_use_clauses_alone() -> None:
    search = a_search(
        categories={"name": {}, "phone": {}},
        uses=[a_use_clause(data=["name"], provision_only=True), a_use_clause(data=["phone"], provision_only=True)],
        provisions=[a_provision(recipients="any", data=["name"])],
    )

    judged = 2 * (1 + 1 + 20) + 2 * (1 + 1)  # each use clause with itself, and with the other
    assert spent(search, Never("any", "any", ("shop",), ())) == (2 + 1 + 1) + 3 + 2 + (1 + 2 * 2) + judged
