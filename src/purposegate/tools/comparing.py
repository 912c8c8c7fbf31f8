"""The exact difference between two policies in what they permit: which uses, in which situations. Pure.

Every use is compared: each data category for each purpose by each class of recipients and by an instance of it, through each
channel and through none, with the person's standing consulted and not, with each set of conditions shown and of objections lodged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from itertools import product
from typing import Any, NamedTuple

from purposegate.engine.judge import Engine
from purposegate.engine.use import Standing, Use
from purposegate.policy.hierarchy import Hierarchy
from purposegate.tools.alike import Recipient, Treatment, told_apart
from purposegate.tools.ways import Situation, Way, asked, closing, surplus, ways


class Change(StrEnum):
    """What became of a use."""

    WIDENED = "widened"
    NARROWED = "narrowed"
    BOTH = "both"


class Gain(NamedTuple):
    """A way in which one of two policies permits a use and the other does not: the later one where it is widened.

    `objections` are those that have to be lodged to see it: none where its conditions alone make the difference, and else those
    that close the ways of both policies which need no more conditions.
    """

    change: Change
    standing: Standing
    channel: str | None
    way: Way
    objections: frozenset[str]

    @property
    def situation(self) -> Situation:
        """The smallest situation in which no other gain shows the difference."""
        return Situation(self.way.conditions, self.objections)


class Difference(NamedTuple):
    """Uses between which two policies differ alike, and in what: `gains` of each category for each purpose by each recipient."""

    categories: tuple[str, ...]
    purposes: tuple[str, ...]
    recipients: tuple[Recipient, ...]
    gains: tuple[Gain, ...]


class Told(NamedTuple):
    """A gain at one of its widest uses: nothing that lies above it is gained in the same way."""

    data_category: str
    purpose: str
    recipient: Recipient
    gain: Gain


def differences(before: Engine, after: Engine) -> Iterator[Difference]:
    """Yield what differs, each use and each way once; of uses that are treated alike, one is put to the judges."""
    known: dict[tuple[bool, Treatment, Treatment], tuple[Gain, ...]] = {}
    for alike in told_apart(before, after):
        recipient = alike.recipients[0]
        key = (recipient.instance, alike.before, alike.after)
        gains = known.get(key)
        if gains is None:
            use = Use(alike.categories[0], alike.purposes[0], recipient.asked)
            gains = known[key] = tuple(_gains(before, after, use))
        if gains:
            yield Difference(alike.categories, alike.purposes, alike.recipients, gains)


def widest(before: Engine, after: Engine, found: Iterable[Difference]) -> Iterator[Told]:
    """Yield each gain where it is widest, and once where it is made in several ways of asking, in the order of the policies."""
    uses: dict[tuple[object, ...], tuple[Gain, set[tuple[str, str, Recipient]]]] = {}
    tops = {Change.WIDENED: _Tops(after), Change.NARROWED: _Tops(before)}
    for difference in found:
        for gain in _plainest(difference.gains):
            key = (gain.change, gain.standing, gain.channel, gain.way.conditions, gain.objections)
            _, members = uses.setdefault(key, (gain, set()))
            members.update(tops[gain.change].of(difference))
    told = [
        Told(*use, gain)
        for gain, members in uses.values()
        for use in members
        if members.isdisjoint(above(after if gain.change is Change.WIDENED else before, *use))
    ]
    yield from sorted(told, key=_order(before, after))


class _Tops:
    """The uses of a difference that lie under no other one of it, by the names of the policy that permits them."""

    def __init__(self, engine: Engine) -> None:
        self._policy = engine.policy
        self._known: dict[tuple[Hierarchy, tuple[str, ...]], tuple[str, ...]] = {}

    def of(self, difference: Difference) -> Iterator[tuple[str, str, Recipient]]:
        policy = self._policy
        classes = tuple(each.name for each in difference.recipients if not each.instance)
        yield from product(
            self._topmost(policy.categories, difference.categories),
            self._topmost(policy.purposes, difference.purposes),
            (
                *(Recipient(name, instance=False) for name in self._topmost(policy.recipients, classes)),
                *(each for each in difference.recipients if each.instance),
            ),
        )

    def _topmost(self, hierarchy: Hierarchy, names: tuple[str, ...]) -> tuple[str, ...]:
        known = self._known.get((hierarchy, names))
        if known is None:
            among = frozenset(names)
            known = tuple(name for name in names if among.isdisjoint(hierarchy.above(name) - {name}))
            self._known[hierarchy, names] = known
        return known


def above(engine: Engine, data_category: str, purpose: str, recipient: Recipient) -> Iterator[tuple[str, str, Recipient]]:
    """Yield the uses that a use of declared names lies under; a class lies above its instances."""
    policy = engine.policy
    classes = [Recipient(name, instance=False) for name in policy.recipients.above(recipient.name)]
    here = (data_category, purpose, recipient)
    for use in product(policy.categories.above(data_category), policy.purposes.above(purpose), {*classes, recipient}):
        if use != here:
            yield use


def _gains(before: Engine, after: Engine, use: Use) -> Iterator[Gain]:
    channels = dict.fromkeys((None, *after.policy.channels, *before.policy.channels))
    for standing, channel in product((Standing.NOT_CONSULTED, Standing.CONSULTED), channels):
        question = asked(replace(use, channel=channel), standing)
        old, new = ways(before, question, standing), ways(after, question, standing)
        for change, more, fewer in ((Change.WIDENED, new, old), (Change.NARROWED, old, new)):
            for way in surplus(more, fewer):
                others = [each for each in more if each is not way]
                gain = Gain(change, standing, channel, way, closing(way, (*fewer, *others)))
                _confirm(before, after, question, gain)
                yield gain


def _confirm(before: Engine, after: Engine, use: Use, gain: Gain) -> None:
    """Have both judges say so: what they decide is the difference, whatever was worked out of their derivations."""
    permits = [engine.decide(use, gain.situation.context(engine, gain.standing)).permitted for engine in (before, after)]
    if permits != [gain.change is Change.NARROWED, gain.change is Change.WIDENED]:
        raise RuntimeError("the derivation of a use and its decision contradict each other")


def _plainest(gains: tuple[Gain, ...]) -> Iterator[Gain]:
    """Leave out what another gain of the same use tells already: for no channel or for this one, with as little shown."""
    for index, gain in enumerate(gains):
        if not any(_tells(other, gain) for other in gains[:index]):
            yield gain


def _tells(other: Gain, gain: Gain) -> bool:
    listed = other.way.channels
    through = other.channel is None and (gain.channel is None or listed is None or gain.channel in listed)
    return (
        other.change is gain.change
        and (through or gain.channel in (None, other.channel))
        and other.way.is_open_with(gain.way)
        and other.objections <= gain.objections
    )


def _order(before: Engine, after: Engine) -> Callable[[Told], tuple[Any, ...]]:
    """Give the order of what is told: by the names of the later policy, and after them those that only the earlier one knows."""
    one, other = after.policy, before.policy
    categories, purposes, recipients, channels = (
        {name: place for place, name in enumerate(dict.fromkeys((*names, *others)))}
        for names, others in (
            (one.categories, other.categories),
            (one.purposes, other.purposes),
            ((one.controller, *one.recipients), other.recipients),
            ((None, *one.channels), other.channels),
        )
    )

    def key(told: Told) -> tuple[Any, ...]:
        gain, (name, instance) = told.gain, told.recipient
        return (
            categories[told.data_category],
            purposes[told.purpose],
            (recipients[name], instance),
            channels[gain.channel],
            gain.standing is Standing.CONSULTED,
            gain.change is Change.NARROWED,
            sorted(gain.way.conditions),
            sorted(gain.objections),
        )

    return key
