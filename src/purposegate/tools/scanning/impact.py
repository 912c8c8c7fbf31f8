"""What a change of the policy does to the code: which lines it denies, which of its permissions nothing uses any more.

Each use that was seen is put to the judge twice, under the policy as it was and as it is to be, both taken to be in force, with the
same conditions shown. Nothing here says what is permitted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from purposegate.engine.decision import Citation, Decision, Reason
from purposegate.engine.judge import Engine
from purposegate.engine.rules import rule_of
from purposegate.engine.use import Context, Standing, Use
from purposegate.findings import Severity
from purposegate.policy.terms import ShownBy
from purposegate.tools.comparing import Change
from purposegate.tools.diff import Witness, diff
from purposegate.tools.scanning.census import asked
from purposegate.tools.scanning.sighting import How, Part, Place, SeenUse, Sight
from purposegate.tools.versions import Version, stands_at

_IN_FORCE: Final = datetime.max.replace(tzinfo=UTC)
# Whose data they are makes no difference to what a policy says.
_SOMEBODY: Final = "somebody"
_UNKNOWN: Final = frozenset({Reason.UNKNOWN_CATEGORY, Reason.UNKNOWN_PURPOSE, Reason.UNKNOWN_RECIPIENT, Reason.UNKNOWN_CHANNEL})
# Who makes a use by these names what data it takes; by the others the data come with what is opened, disclosed or read.
_NAMES_ITS_DATA: Final = frozenset({How.CHECK, How.DECIDE, How.READ})


class State(StrEnum):
    """What a policy makes of a line of code; `conditional` is permitted as soon as its conditions are shown."""

    PERMITTED = "permitted"
    CONDITIONAL = "conditional"
    DENIED = "denied"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Turn:
    """A use that comes out otherwise, with what both policies decide.

    Where the code names no data for it, as in `with gate.purpose(…)`, it is decided for those that fare best.
    """

    use: SeenUse
    before: Decision
    after: Decision

    @property
    def was(self) -> State:
        """What it was before."""
        return _state(self.before)

    @property
    def becomes(self) -> State:
        """What it is to be."""
        return _state(self.after)

    @property
    def severity(self) -> Severity:
        """How bad it is: an error where what ran is blocked, a warning where it may be, or where a test fails by it."""
        match self.becomes:
            case State.UNKNOWN:
                return Severity.ERROR
            case State.DENIED if self.was is State.UNKNOWN or self.use.expected:
                return Severity.NOTE
            case State.DENIED:
                blocks = not (self.use.asks or self.use.drops) and self.use.data_category is not None
                return Severity.ERROR if blocks else Severity.WARNING
            case State.CONDITIONAL if self.was is State.PERMITTED and not self.use.expected:
                return Severity.WARNING
            case State.PERMITTED if self.use.expected:
                return Severity.WARNING
            case _:
                return Severity.NOTE


class Vanished(NamedTuple):
    """A name in a label, or of a fact that the code registers, that the policy knows no more."""

    what: str
    name: str
    place: Place


class Idle(NamedTuple):
    """A clause that lines of code rested on and none rests on any more; `kept` tells that it is in the later policy all the same."""

    citation: Citation
    kept: bool


class Unclaimed(NamedTuple):
    """What the later policy newly permits by some clauses, and no line of code does."""

    clauses: tuple[str, ...]
    witnesses: tuple[Witness, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """What becomes of the code: `judged` uses were put to both policies, and `turns` are those that come out otherwise.

    `unread` uses name something that could not be read, and `elsewhere` are the uses of other policies' gates, by the policy.
    """

    before: Version
    after: Version
    judged: int
    unread: int
    elsewhere: Mapping[str, int]
    turns: tuple[Turn, ...]
    vanished: tuple[Vanished, ...]
    idle: tuple[Idle, ...]
    unclaimed: tuple[Unclaimed, ...]

    @property
    def severities(self) -> Counter[Severity]:
        """How many lines there are of each severity; a name that vanished is an error."""
        counted = Counter(turn.severity for turn in self.turns)
        counted[Severity.ERROR] += len(self.vanished)
        return counted


class _Judged(NamedTuple):
    """A use, and what both policies decide."""

    use: SeenUse
    before: Decision
    after: Decision


def impact(sight: Sight, before: Version, after: Version, *, assume: Iterable[str] = ()) -> Impact:
    """Tell what a change of the policy does to code that was seen, with some conditions taken as shown.

    Raises `PolicyError` where one of the policies permits what it says may never happen.
    """
    old, new = Engine(before.policy), Engine(after.policy)
    mine = _belonging(before, after)
    deciding = tuple(_Deciding(engine, frozenset(assume)) for engine in (old, new))
    judged, unread = [], 0
    elsewhere: Counter[str] = Counter()
    for use in sight.uses:
        if use.judge.policy is not None and not mine(use.judge.policy):
            elsewhere[use.judge.policy] += 1
        elif use.purpose is None or (use.data_category is None and use.how in _NAMES_ITS_DATA):
            unread += use.how is not How.READ  # what covers a read without a purpose is judged itself
        else:
            judged.append(_Judged(use, *(each.decision(use) for each in deciding)))
    turns = (Turn(*each) for each in judged if _state(each.before) is not _state(each.after))
    return Impact(
        before=before,
        after=after,
        judged=len(judged),
        unread=unread,
        elsewhere=elsewhere,
        turns=tuple(sorted(turns, key=lambda turn: turn.use.place)),
        vanished=tuple(sorted(_vanished(sight, old, new, mine), key=lambda each: each.place)),
        idle=tuple(_idle(new, judged)),
        unclaimed=tuple(_unclaimed(new, judged, diff(before, after).witnesses)),
    )


def _belonging(before: Version, after: Version) -> Callable[[str], bool]:
    """Tell of a gate's path whether one of the two versions stands there, or in the folder that it names."""
    places = {stands_at(each.name) for each in (before, after)}
    ours = places.union(*(place.parents[:1] for place in places))
    known: dict[str, bool] = {}

    def belongs(path: str) -> bool:
        if path not in known:
            known[path] = Path(path).resolve() in ours
        return known[path]

    return belongs


class _Deciding:
    """Puts uses to one judge, those that are alike once."""

    def __init__(self, engine: Engine, assume: frozenset[str]) -> None:
        self._engine = engine
        self._shown = assume.intersection(engine.policy.conditions)
        self._known: dict[tuple[str | None, bool, Use], Decision] = {}

    def decision(self, seen: SeenUse) -> Decision:
        """Decide what was seen; where it names no data, for those that fare best."""
        recipient = None if seen.recipient is None else asked(seen.recipient)
        subject = _SOMEBODY if seen.has_subject else None
        use = Use(seen.data_category or "", seen.purpose or "", recipient, subject=subject, channel=seen.channel)
        key = (seen.data_category, seen.judge.ledger, use)
        found = self._known.get(key)
        if found is None:
            standing = Standing.CONSULTED if seen.judge.ledger else Standing.NOT_CONSULTED
            context = Context(_IN_FORCE, self._shown, standing=standing, registered=True)
            found = self._known[key] = self._best(use, context) if seen.data_category is None else self._engine.decide(use, context)
        return found

    def _best(self, use: Use, context: Context) -> Decision:
        best: Decision | None = None
        for category in self._engine.policy.categories:
            each = self._engine.decide(Use(category, use.purpose, use.recipient, use.subject, use.channel), context)
            if best is None or _RANK[_state(each)] < _RANK[_state(best)]:
                best = each
            if _state(each) in (State.PERMITTED, State.UNKNOWN):
                break  # nothing fares better, or an unknown name is none for other data either
        return self._engine.decide(use, context) if best is None else best


_RANK: Final = {state: rank for rank, state in enumerate(State)}


def _state(decision: Decision) -> State:
    if decision.permitted:
        return State.PERMITTED
    if decision.reason in _UNKNOWN:
        return State.UNKNOWN
    return State.CONDITIONAL if decision.reason is Reason.UNMET_CONDITION else State.DENIED


def _vanished(sight: Sight, old: Engine, new: Engine, mine: Callable[[str], bool]) -> Iterator[Vanished]:
    for field in sight.fields:
        for label in field.labels:
            if label.part is Part.DATA_CATEGORY and label.name in old.policy.categories and label.name not in new.policy.categories:
                yield Vanished("data category", label.name, label.place)
    for fact in sight.facts:
        shown = [engine.policy.conditions.get(fact.name) is ShownBy.FACT for engine in (old, new)]
        if shown == [True, False] and (fact.judge.policy is None or mine(fact.judge.policy)):
            yield Vanished("fact", fact.name, fact.place)


def _idle(new: Engine, judged: Iterable[_Judged]) -> Iterator[Idle]:
    """Yield the clauses that something rested on, and nothing does now: what is conditional rests on a clause too."""
    before: dict[str, Citation] = {}
    after: set[str] = set()
    for each in judged:
        if not each.use.expected:
            for citation in _rested_on(each.before):
                before.setdefault(citation.clause, citation)
            after.update(citation.clause for citation in _rested_on(each.after))
    unused = {clause: citation for clause, citation in before.items() if clause not in after}
    kept = _citations(new, unused)
    for clause, citation in unused.items():
        yield Idle(kept.get(clause, citation), clause in kept)


def _citations(engine: Engine, clauses: Container[str]) -> dict[str, Citation]:
    """Give the first rule of each of some clauses, as far as the policy has them."""
    rules, found = engine.policy.rules, dict[str, Citation]()
    for ordinal in range(len(rules)):
        clause = rules.texts[rules.clauses[ordinal]]
        if clause in clauses and clause not in found:
            found[clause] = rule_of(engine.policy, ordinal).citation
    return found


def _rested_on(decision: Decision) -> tuple[Citation, ...]:
    return decision.citations if _state(decision) in (State.PERMITTED, State.CONDITIONAL) else ()


def _unclaimed(new: Engine, judged: Iterable[_Judged], witnesses: Iterable[Witness]) -> Iterator[Unclaimed]:
    running = [each.use for each in judged if not each.use.expected and _rested_on(each.after)]
    groups: dict[tuple[str, ...], list[Witness]] = {}
    for witness in witnesses:
        if witness.change is Change.WIDENED and not any(_claims(new, use, witness) for use in running):
            groups.setdefault(witness.after.clauses, []).append(witness)
    for clauses, found in groups.items():
        yield Unclaimed(clauses, tuple(found))


def _claims(new: Engine, seen: SeenUse, witness: Witness) -> bool:
    """Tell whether a use shares anything with what is newly permitted; one that names no data may take any."""
    recipient = None if seen.recipient is None else asked(seen.recipient)
    categories = witness.data_categories if seen.data_category is None else (seen.data_category,)
    to = (witness.recipient.removesuffix("/*"),)
    return any(
        new.knows(use) and new.touches(use, data=witness.data_categories, purposes=(witness.purpose,), recipients=to)
        for use in (Use(category, seen.purpose or "", recipient) for category in categories)
    )
