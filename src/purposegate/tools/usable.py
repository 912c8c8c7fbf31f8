"""Which names of a policy are good for anything: what may be used, for what, and by whom, with every condition shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from purposegate.engine.decision import Reason
from purposegate.engine.judge import Engine
from purposegate.engine.use import Context, Use
from purposegate.policy.hierarchy import Hierarchy
from purposegate.policy.terms import ANY, Role


@dataclass(frozen=True, slots=True)
class Usable:
    """The names that stand in a permitted use, themselves or by something under them."""

    categories: frozenset[str]
    purposes: frozenset[str]
    recipients: frozenset[str]


def usable(engine: Engine) -> Usable:
    """Ask the judge about the lowest names until each is known to be good for something, or for nothing.

    What is permitted of a name is permitted of all under it (law 5), so that the lowest names tell of those above.
    """
    policy = engine.policy
    context = Context(datetime.max.replace(tzinfo=UTC), frozenset(policy.conditions))
    recipients = [*_recipients(engine)]
    categories: set[str] = set()
    purposes: set[str] = set()
    reached: set[str] = set()
    for category in policy.categories.leaves(policy.categories):
        for purpose in policy.purposes.leaves(policy.purposes):
            unopened: set[bool] = set()
            for name, asked, own in recipients:
                if own in unopened or (category in categories and purpose in purposes and name in reached):
                    continue
                decision = engine.decide(Use(category, purpose, asked), context)
                if decision:
                    categories.add(category)
                    purposes.add(purpose)
                    reached.add(name)
                elif decision.reason is Reason.UNDECLARED_PURPOSE:
                    unopened.add(own)  # whoever else it is of this kind, the reason will be the same
    return Usable(
        _with_all_above(policy.categories, categories),
        _with_all_above(policy.purposes, purposes),
        _with_all_above(policy.recipients, reached),
    )


def _recipients(engine: Engine) -> Iterator[tuple[str, str, bool]]:
    """Give each recipient that a rule lists: its class, a name to ask with, and whether it acts for the controller."""
    policy = engine.policy
    rules = policy.rules
    scopes = [rules.recipient_scopes.named(scope) for scope in set(rules.recipients[rules.uses :])]
    listed = {name for names in scopes if names != ANY for name in names}
    anybody = ANY in scopes
    for name in policy.recipients:
        role = policy.role(name)
        if role is Role.CONTROLLER or anybody or not listed.isdisjoint(policy.recipients.above(name)):
            instance = f"{name}/x"
            asked = instance if engine.class_of(instance) else name
            yield name, asked, role in (Role.CONTROLLER, Role.PROCESSOR)


def _with_all_above(hierarchy: Hierarchy, names: set[str]) -> frozenset[str]:
    return frozenset(above for name in names for above in hierarchy.above(name))
