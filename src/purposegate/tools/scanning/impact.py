"""What a change of the policy does to the code: which lines it denies, which of its permissions nothing uses any more.

Each use that was seen is put to the judge twice, under the policy as it was and as it is to be, both taken to be in force, with the
same conditions shown. Nothing here says what is permitted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
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
from purposegate.tools.scanning.census import ambient_uses
from purposegate.tools.scanning.sighting import How, Judge, Mention, Part, Place, SeenCover, SeenUse, Sight, asked
from purposegate.tools.versions import Version, stands_at

_IN_FORCE: Final = datetime.max.replace(tzinfo=UTC)
# Whose data they are makes no difference to what a policy says.
_SOMEBODY: Final = "somebody"
_UNKNOWN: Final = frozenset({Reason.UNKNOWN_CATEGORY, Reason.UNKNOWN_PURPOSE, Reason.UNKNOWN_RECIPIENT, Reason.UNKNOWN_CHANNEL})
# Who makes a use by these names what data it takes; by the others the data come with what is opened, disclosed or read.
_NAMES_ITS_DATA: Final = frozenset({How.CHECK, How.DECIDE})


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
    """A name that the policy knows no more: in a label, of a fact, or in a use that could not be judged as a whole."""

    what: str
    name: str
    place: Place


class Idle(NamedTuple):
    """A clause that lines of code rested on and none rests on any more; `kept` tells that the later policy has it."""

    citation: Citation
    kept: bool


class Unclaimed(NamedTuple):
    """What the later policy newly permits by some clauses, and no line of code does."""

    clauses: tuple[str, ...]
    witnesses: tuple[Witness, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """What becomes of the code: `judged` uses were put to both policies, and `turns` are those that come out otherwise.

    `unread` uses name something that could not be read, `unverified` places hold what could not be followed, `elsewhere` are the
    uses of other policies' gates, by the policy.
    """

    before: Version
    after: Version
    judged: int
    unread: int
    unverified: int
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
    shown = frozenset(assume)
    sides = _Sides(_Side(Engine(before.policy), shown), _Side(Engine(after.policy), shown))
    gates = _Gates(before, after)
    unread = [use for use in sight.uses if use.how is not How.LABEL and not _can_be_judged(use) and gates.hold(use.judge)]
    judged = tuple(dict.fromkeys((*_used(sight, sides, gates), *_read(sight, sides, gates))))
    turns = (Turn(*each) for each in judged if _state(each.before) is not _state(each.after))
    return Impact(
        before=before,
        after=after,
        judged=len(judged),
        unread=len(unread),
        unverified=sum(finding.slug == "cannot-verify" for finding in sight.findings),
        elsewhere=gates.elsewhere,
        turns=tuple(sorted(turns, key=lambda turn: turn.use.place)),
        vanished=tuple(dict.fromkeys(sorted(_vanished(sight, sides, gates, unread), key=lambda each: (each.place, each.name)))),
        idle=tuple(_idle(sides.after.engine, judged)),
        unclaimed=tuple(_unclaimed(sides.after.engine, judged, diff(before, after).witnesses)),
    )


class _Gates:
    """Which gates are of the policy that changes: where one of the two versions stands, or a folder with it, is what they load."""

    def __init__(self, before: Version, after: Version) -> None:
        places = {stands_at(each.name) for each in (before, after)}
        self._ours = places.union(*(place.parents[:1] for place in places))
        self._known: dict[str, bool] = {}
        self.elsewhere: Counter[str] = Counter()

    def hold(self, judge: Judge) -> bool:
        """Tell whether a gate is of the policy; the project's policy is taken to be it."""
        path = judge.policy
        if path is None:
            return True
        if path not in self._known:
            self._known[path] = _whole(path) in self._ours
        return self._known[path]

    def hold_or_count(self, judge: Judge) -> bool:
        """Tell the same, and count a use that is left out."""
        held = self.hold(judge)
        if not held and judge.policy is not None:
            self.elsewhere[judge.policy] += 1
        return held


def _whole(path: str) -> Path:
    try:
        return Path(path).resolve()
    except (OSError, ValueError):  # nothing stands there
        return Path(path)


def _can_be_judged(use: SeenUse) -> bool:
    return not use.unread and use.purpose is not None and not (use.data_category is None and use.how in _NAMES_ITS_DATA)


def _used(sight: Sight, sides: _Sides, gates: _Gates) -> Iterator[_Judged]:
    for use in sight.uses:
        if use.how is not How.LABEL and gates.hold_or_count(use.judge) and _can_be_judged(use):
            yield _Judged(use, *(side.decision(use) for side in sides))


def _read(sight: Sight, sides: _Sides, gates: _Gates) -> Iterator[_Judged]:
    """Judge what is read under a purpose, by that of the purposes there which permits most; a check is judged itself."""
    for read in sight.reads:
        for way in read.ways:
            uses = [use for use in ambient_uses(read, way) if gates.hold_or_count(use.judge)]
            for label in read.labels:
                of_label = [use for use in uses if use.data_category == label.name]
                if of_label and not any(sides.before.covers(cover, label.name) for cover in way.covers):
                    best = [min(map(side.decision, of_label), key=_rank) for side in sides]
                    yield _Judged(of_label[0], *best)


class _Side:
    """One of the two policies: puts uses to its judge, those that are alike once."""

    def __init__(self, engine: Engine, assume: frozenset[str]) -> None:
        self.engine = engine
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
            found = self._known[key] = self._best(use, context) if seen.data_category is None else self.engine.decide(use, context)
        return found

    def _best(self, use: Use, context: Context) -> Decision:
        best: Decision | None = None
        for category in self.engine.policy.categories:
            each = self.engine.decide(Use(category, use.purpose, use.recipient, use.subject, use.channel), context)
            if best is None or _rank(each) < _rank(best):
                best = each
            if _state(each) in (State.PERMITTED, State.UNKNOWN):
                break  # nothing fares better, or an unknown name is none for other data either
        return self.engine.decide(use, context) if best is None else best

    def covers(self, cover: SeenCover, category: str) -> bool:
        """Tell whether a use that was released before is of a category, or of one above it."""
        categories = self.engine.policy.categories
        return category in categories and cover.data_category in categories.above(category)

    def knows(self, mention: Mention) -> bool:
        """Tell whether the policy knows a name."""
        policy = self.engine.policy
        match mention.part:
            case Part.DATA_CATEGORY:
                return mention.name in policy.categories
            case Part.PURPOSE:
                return mention.name in policy.purposes
            case Part.RECIPIENT:
                return self.engine.class_of(asked(mention.name)) is not None
            case Part.CHANNEL:
                return mention.name in policy.channels


class _Sides(NamedTuple):
    """The policy as it was, and as it is to be."""

    before: _Side
    after: _Side


def _rank(decision: Decision) -> int:
    return list(State).index(_state(decision))


def _state(decision: Decision) -> State:
    if decision.permitted:
        return State.PERMITTED
    if decision.reason in _UNKNOWN:
        return State.UNKNOWN
    return State.CONDITIONAL if decision.reason is Reason.UNMET_CONDITION else State.DENIED


def _vanished(sight: Sight, sides: _Sides, gates: _Gates, unread: Iterable[SeenUse]) -> Iterator[Vanished]:
    """Yield the names that are gone of labels, of facts, and of uses that could not be judged as a whole."""
    labels = (use for use in sight.uses if use.how is How.LABEL)
    for mention in (mention for use in (*labels, *unread) for mention in use.mentions):
        if sides.before.knows(mention) and not sides.after.knows(mention):
            yield Vanished(_WORDS.get(mention.part, mention.part.value), mention.name, mention.place)
    for fact in sight.facts:
        shown = [side.engine.policy.conditions.get(fact.name) is ShownBy.FACT for side in sides]
        if shown == [True, False] and gates.hold(fact.judge):
            yield Vanished("fact", fact.name, fact.place)


_WORDS: Final = {Part.DATA_CATEGORY: "data category"}


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
