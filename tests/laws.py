"""The laws of DESIGN section 4, each as a search for what breaks it.

A law takes a case and a way to make a judge from a policy, so that the tests can show that a judge which breaks the law is caught.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from builders import a_context, a_policy
from spec import verdict

from purposegate import Context, Decision, Engine, Policy, Use

Data = dict[str, Any]
Case = tuple[Data, list[Data], list[Data]]
Judge = Callable[[Policy], Engine]


def asked(document: Data, use: Data, context: Data, judge: Judge) -> Decision:
    return judge(a_policy(document)).decide(_use(use), _context(context))


def law_1_the_engine_agrees_with_the_naive_reading(case: Case, judge: Judge) -> Iterator[str]:
    document, uses, contexts = case
    engine = judge(a_policy(document))
    for use in uses:
        for context in contexts:
            decision, expected = engine.decide(_use(use), _context(context)), verdict(document, use, context)
            if decision.reason != expected or bool(decision) != (expected == "permitted"):
                yield f"{use} in {context}: {decision.reason}, not {expected}"


def law_2_an_unknown_name_and_the_empty_policy_permit_nothing(case: Case, judge: Judge) -> Iterator[str]:
    document, uses, contexts = case
    engine = judge(a_policy(document))
    empty = judge(a_policy(document | {"uses": [], "provisions": [], "exceptions": [], "objections": {}}))
    for use in uses:
        for context in contexts:
            for part in ("data_category", "purpose", "recipient"):
                if engine.decide(_use(use | {part: "nobody_declared_this"}), _context(context)):
                    yield f"an unknown {part} was permitted"
            if empty.decide(_use(use), _context(context | {"objections": []})):
                yield f"the empty policy permitted {use}"


def law_3_granting_more_never_denies_and_objecting_never_permits(case: Case, judge: Judge) -> Iterator[str]:
    document, uses, contexts = case
    engine = judge(a_policy(document))
    smaller = [(section, index) for section in ("uses", "provisions", "exceptions") for index in range(len(document[section]))]
    lesser = [judge(a_policy(_without(document, section, index))) for section, index in smaller]
    for use in uses:
        for context in contexts:
            with_all = engine.decide(_use(use), _context(context))
            for fewer in lesser:
                if fewer.decide(_use(use), _context(context)) and not with_all:
                    yield f"{use}: denied because of one more rule"
            for condition in context["shown"]:
                less = context | {"shown": [name for name in context["shown"] if name != condition]}
                if engine.decide(_use(use), _context(less)) and not with_all:
                    yield f"{use}: denied because {condition} was shown"
            for objection in document["objections"]:
                more = context | {"objections": [*context["objections"], objection]}
                if engine.decide(_use(use), _context(more)) and not with_all:
                    yield f"{use}: permitted because of an objection"


def law_4_nothing_is_permitted_that_no_use_clause_opens(case: Case, judge: Judge) -> Iterator[str]:
    document, uses, contexts = case
    engine = judge(a_policy(document))
    for use in uses:
        for index in range(len(document["uses"]) + 1):
            # One use clause at a time, and none: what it does not list by itself must not go through.
            alone = document["uses"][index : index + 1]
            engine = judge(a_policy(_exempting_nothing(document | {"uses": alone})))
            for context in contexts:
                permitted = engine.decide(_use(use), _context(context | {"objections": []}))
                if permitted and not any(_lists(document, clause, use) for clause in alone):
                    yield f"{use}: permitted, though no use clause lists it"


def law_5_a_permit_holds_below_and_the_order_is_irrelevant(case: Case, judge: Judge) -> Iterator[str]:
    document, uses, contexts = case
    engine = judge(a_policy(document))
    turned = deepcopy(document)
    for section in ("uses", "provisions", "exceptions"):
        turned[section].reverse()
    reversed_engine = judge(a_policy(turned))
    policy = engine.policy
    for use in uses:
        for context in contexts:
            decision = engine.decide(_use(use), _context(context))
            other = reversed_engine.decide(_use(use), _context(context))
            if (decision.reason, set(decision.clauses)) != (other.reason, set(other.clauses)):
                yield f"{use}: the order of the rules decided"
            if not decision:
                continue
            recipient = use["recipient"] or policy.controller
            below = [("data_category", name) for name in policy.categories.under(use["data_category"])]
            below += [("purpose", name) for name in policy.purposes.under(use["purpose"])]
            if recipient in policy.recipients:
                classes = policy.recipients.under(recipient)
                below += [("recipient", name) for name in classes]
                below += [("recipient", f"{name}/x9") for name in classes if engine.class_of(f"{name}/x9")]
            for part, name in below:
                if not engine.decide(_use(use | {part: name}), _context(context)):
                    yield f"{use}: permitted, but not for {part} {name}"


LAWS = (
    law_1_the_engine_agrees_with_the_naive_reading,
    law_2_an_unknown_name_and_the_empty_policy_permit_nothing,
    law_3_granting_more_never_denies_and_objecting_never_permits,
    law_4_nothing_is_permitted_that_no_use_clause_opens,
    law_5_a_permit_holds_below_and_the_order_is_irrelevant,
)


def _use(use: Data) -> Use:
    return Use(use["data_category"], use["purpose"], use["recipient"], subject=use["subject"], channel=use["channel"])


def _context(context: Data) -> Context:
    return a_context(context["shown"], context["objections"], consulted=context["consulted"], registered=context["registered"])


def _without(document: Data, section: str, index: int) -> Data:
    rules = [rule for at, rule in enumerate(document[section]) if at != index]
    return _exempting_nothing(
        document | {section: rules}, keep={rule["clause"] for rule in _all_rules(document | {section: rules})}
    )


def _all_rules(document: Data) -> list[Data]:
    return [*document["uses"], *document["provisions"], *document["exceptions"]]


def _exempting_nothing(document: Data, keep: set[str] | None = None) -> Data:
    """Drop exemptions of clauses that no rule cites any more: the reader refuses them."""
    objections = {
        name: objection | {"exempt": [clause for clause in objection["exempt"] if clause in (keep or set())]}
        for name, objection in document["objections"].items()
    }
    return document | {"objections": objections}


def _lists(document: Data, clause: Data, use: Data) -> bool:
    """Tell whether a clause lists a name above the data and one above the purpose; what it excepts is left aside."""
    pairs = (("data", "categories", use["data_category"]), ("purposes", "purposes", use["purpose"]))
    return all(clause[key] == "any" or _above(document[section], name) & set(clause[key]) for key, section, name in pairs)


def _above(names: Data, name: str) -> set[str]:
    parent = names.get(name, {}).get("parent", [])
    parents = [parent] if isinstance(parent, str) else parent
    return {name}.union(*(_above(names, each) for each in parents))
