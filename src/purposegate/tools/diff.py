"""What an amendment of a policy changes: what is permitted, which names there are, what people read, and what follows for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import NamedTuple

from purposegate.engine.decision import Decision
from purposegate.engine.judge import Engine
from purposegate.engine.use import Standing, Use
from purposegate.policy.policy import Policy
from purposegate.policy.terms import ShownBy
from purposegate.tools.comparing import Change, Difference, Told, differences, widest
from purposegate.tools.consequence import Consequence, consequence
from purposegate.tools.texts import ONLY_IN_THE_FILE, changed_texts
from purposegate.tools.versions import Version
from purposegate.tools.ways import asked

_SECTIONS = ("categories", "purposes", "recipients", "channels", "conditions", "objections")


@dataclass(frozen=True, slots=True)
class Witness:
    """A change in what is permitted, at its widest names and in its smallest situation, with what both policies decide there.

    `recipient` is `class/*` for whichever instance of a class. `consulted` tells that the change is there only for a gate with a
    ledger. `conditions` have to be shown, and `objections` to be lodged, to see it.
    """

    change: Change
    data_categories: tuple[str, ...]
    purpose: str
    recipient: str
    channel: str | None
    consulted: bool
    conditions: tuple[str, ...]
    objections: tuple[str, ...]
    before: Decision
    after: Decision


class Indirect(NamedTuple):
    """A change that no use shows in the same situation: what a ledger was told before reaches further or less far, or the day."""

    change: Change
    text: str


class Names(NamedTuple):
    """Names that one of the policies alone declares, by section."""

    removed: Mapping[str, tuple[str, ...]]
    added: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Report:
    """The difference between two policies.

    `changes` tells of each purpose and class of recipients what became of it; of those that are missing nothing changed, but for
    what is `indirect`. `texts` are the parts that people read and that differ; `notes` say what the witnesses do not show.
    """

    before: Version
    after: Version
    changes: Mapping[tuple[str, str], Change]
    indirect: tuple[Indirect, ...]
    witnesses: tuple[Witness, ...]
    names: Names
    texts: tuple[str, ...]
    notes: tuple[str, ...]
    consequence: Consequence

    @property
    def change(self) -> Change | None:
        """What became of all that is permitted; None where nothing changed."""
        every = [*self.changes.values(), *(each.change for each in self.indirect)]
        return reduce(_together, every) if every else None

    def has(self, change: Change) -> bool:
        """Tell whether anything was widened, or narrowed."""
        return self.change in (change, Change.BOTH)


def diff(before: Version, after: Version) -> Report:
    """Compare two policies; raise `PolicyError` where one of them permits what it says may never happen."""
    old, new = Engine(before.policy), Engine(after.policy)
    found = tuple(differences(old, new))
    changes = _changes(found)
    names = Names(_only(old.policy, new.policy), _only(new.policy, old.policy))
    texts = tuple(changed_texts(before, after))
    if changes or any(names):
        texts = tuple(text for text in texts if text != ONLY_IN_THE_FILE)  # it is told otherwise what the files differ in
    indirect = (*_moved(old.policy, new.policy), *_begun(old.policy, new.policy))
    every = {*changes.values(), *(each.change for each in indirect)}
    return Report(
        before=before,
        after=after,
        changes=changes,
        indirect=indirect,
        witnesses=tuple(_witnesses(old, new, widest(old, new, found))),
        names=names,
        texts=texts,
        notes=tuple(_notes(old.policy, new.policy)),
        consequence=consequence(
            before.policy,
            after.policy,
            widened=bool(every & {Change.WIDENED, Change.BOTH}),
            narrowed=bool(every & {Change.NARROWED, Change.BOTH}),
            texts=texts,
        ),
    )


def _changes(found: Iterable[Difference]) -> dict[tuple[str, str], Change]:
    changes: dict[tuple[str, str], Change] = {}
    for each in found:
        change = reduce(_together, (gain.change for gain in each.gains))
        for purpose, name in product(each.purposes, {recipient.name: None for recipient in each.recipients}):
            changes[purpose, name] = _together(changes.get((purpose, name), change), change)
    return changes


def _together(one: Change, other: Change) -> Change:
    return one if one is other else Change.BOTH


def _witnesses(before: Engine, after: Engine, told: Iterable[Told]) -> Iterator[Witness]:
    """Decide each change by both policies, and tell those together that differ in the data alone."""
    groups: dict[tuple[object, ...], tuple[list[str], Told, Decision, Decision]] = {}
    for each in told:
        gain = each.gain
        use = asked(Use(each.data_category, each.purpose, each.recipient.asked, channel=gain.channel), gain.standing)
        old, new = (engine.decide(use, gain.situation.context(engine, gain.standing)) for engine in (before, after))
        key = (gain.change, *each[1:3], gain.channel, gain.standing, gain.situation, _cited(old), _cited(new))
        groups.setdefault(key, ([], each, old, new))[0].append(each.data_category)
    for categories, each, old, new in groups.values():
        gain = each.gain
        yield Witness(
            change=gain.change,
            data_categories=tuple(categories),
            purpose=each.purpose,
            recipient=str(each.recipient),
            channel=gain.channel,
            consulted=gain.standing is Standing.CONSULTED,
            conditions=tuple(sorted({name for name, _ in gain.way.conditions})),
            objections=tuple(sorted(gain.objections)),
            before=old,
            after=new,
        )


def _cited(decision: Decision) -> tuple[object, ...]:
    return decision.reason, decision.clauses, decision.unmet, decision.channels, decision.objections


def _only(policy: Policy, other: Policy) -> dict[str, tuple[str, ...]]:
    sections = {section: (getattr(policy, section), getattr(other, section)) for section in _SECTIONS}
    found = {section: tuple(name for name in names if name not in others) for section, (names, others) in sections.items()}
    return {section: names for section, names in found.items() if names}


def _notes(before: Policy, after: Policy) -> Iterator[str]:
    for name, by in before.conditions.items():
        now = after.conditions.get(name)
        if now is not None and now is not by:
            yield f"`{name}` was shown by a {by} and is shown by a {now}: they are taken for two conditions"
    for name in before.objections:
        if name not in after.objections:
            yield f"`{name}` can no longer be lodged: who has lodged it is denied everything, as long as it is in force"
    if before.controller != after.controller:
        yield f"the controller was `{before.controller}` and is `{after.controller}`: they are taken for two recipients"


def _moved(before: Policy, after: Policy) -> Iterator[Indirect]:
    """Yield what follows where a name lies under another one now, or no longer does: records of a ledger name either of them."""
    asks_a_ledger = any(by is not ShownBy.FACT for by in after.conditions.values())
    for section in ("categories", "purposes", "recipients"):
        old, new = getattr(before, section), getattr(after, section)
        for name in (each for each in new if each in old):
            for above in sorted(each for each in new.above(name) - old.above(name) if each in old):
                moved = f"`{name}` lies under `{above}` now"
                if asks_a_ledger:
                    yield Indirect(Change.WIDENED, f"{moved}: what a ledger was told of `{above}`, as a consent, counts for it too")
                if after.objections:
                    yield Indirect(Change.NARROWED, f"{moved}: an objection to the one stops a use of the other")
            for above in sorted(each for each in old.above(name) - new.above(name) if each in new):
                moved = f"`{name}` lies under `{above}` no more"
                if asks_a_ledger:
                    yield Indirect(
                        Change.NARROWED, f"{moved}: what a ledger was told of `{above}`, as a consent, does not count for it"
                    )
                if after.objections:
                    yield Indirect(Change.WIDENED, f"{moved}: an objection to the one does not stop a use of the other")


def _begun(before: Policy, after: Policy) -> Iterator[Indirect]:
    """Yield what follows where a policy comes into force on another day: each use is compared as if both were in force."""
    old, new = before.in_force_from, after.in_force_from
    if old is not None and (new is None or new < old):
        yield Indirect(Change.WIDENED, f"it comes into force earlier: nothing was permitted before {old.isoformat()}")
    # Of another revision the earlier one stays in force until then.
    if new is not None and (old is None or old < new) and before.revision == after.revision:
        yield Indirect(Change.NARROWED, f"it comes into force later: nothing is permitted before {new.isoformat()}")
