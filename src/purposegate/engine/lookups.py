"""The judge asked backwards: what is permitted, and what would have been instead of a denial."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product

from purposegate.engine.decision import Decision, Reason
from purposegate.engine.use import Context, Use
from purposegate.policy.hierarchy import Hierarchy
from purposegate.policy.policy import Policy

Decide = Callable[[Use, Context], Decision]

# What a change costs: a channel is chosen, a condition has to be shown, a name means another use.
_CHANNEL, _CONDITION, _NAME = 1, 10, 100


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A use that would have been permitted, the conditions it still needs shown, and what it costs to get there."""

    use: Use
    conditions: tuple[str, ...]
    cost: int


def permitted_names(decide: Decide, names: Iterable[str], asking: Callable[[str], Use], context: Context) -> tuple[str, ...]:
    """Give every name whose use is permitted, in the order of the policy."""
    return tuple(name for name in names if decide(asking(name), context))


def near_misses(decide: Decide, policy: Policy, use: Use, context: Context) -> tuple[NearMiss, ...]:
    """Give the permitted uses that differ from a denied one in one name, or else in two, the cheapest first.

    Showing conditions and choosing a channel come before changing a name, and near names before distant ones.
    """
    denied = decide(use, context)
    if denied.permitted or denied.reason is Reason.NOT_IN_FORCE:
        return ()
    found = [*_same_names(decide, policy, use, denied, context)]
    for width in (1, 2):
        found += _other_names(decide, policy, use, context, width)
        if found:
            break
    return tuple(sorted(found, key=lambda miss: (miss.cost, _order(miss.use))))


def _same_names(decide: Decide, policy: Policy, use: Use, denied: Decision, context: Context) -> Iterator[NearMiss]:
    lacking = {denied.unmet, *(shortfall.unmet for shortfall in denied.exceptions)}
    for conditions in sorted(lacking):
        with_conditions = replace(context, shown=context.shown | frozenset(conditions))
        for channel in dict.fromkeys((use.channel, *policy.channels)):
            with_channel = replace(use, channel=channel)
            if decide(with_channel, with_conditions):
                yield NearMiss(with_channel, conditions, _CHANNEL * (channel != use.channel) + _CONDITION * len(conditions))
                if channel == use.channel:
                    break  # where the channel is not the trouble, another one is no cheaper


def _other_names(decide: Decide, policy: Policy, use: Use, context: Context, width: int) -> Iterator[NearMiss]:
    here = (use.data_category, use.purpose, policy.controller if use.recipient is None else use.recipient)
    hierarchies = (policy.categories, policy.purposes, policy.recipients)
    for changed in product((False, True), repeat=3):
        if sum(changed) != width:
            continue
        choices = [list(names) if change else [name] for change, names, name in zip(changed, hierarchies, here, strict=True)]
        for data_category, purpose, recipient in product(*choices):
            names = (data_category, purpose, recipient)
            if sum(new != old for new, old in zip(names, here, strict=True)) != width:
                continue
            other = replace(use, data_category=data_category, purpose=purpose, recipient=recipient)
            if decide(other, context):
                yield NearMiss(other, (), _NAME * width + _distance(hierarchies, here, names))


def _distance(hierarchies: tuple[Hierarchy, ...], here: tuple[str, ...], there: tuple[str, ...]) -> int:
    """Count how far names lie apart: those above one and not above the other."""
    apart = 0
    for hierarchy, old, new in zip(hierarchies, here, there, strict=True):
        above = hierarchy.above(old) if old in hierarchy else frozenset[str]()
        apart += len(hierarchy.above(new) ^ above) if old != new else 0
    return apart


def _order(use: Use) -> tuple[str, ...]:
    return (use.data_category, use.purpose, use.recipient or "", use.channel or "")
