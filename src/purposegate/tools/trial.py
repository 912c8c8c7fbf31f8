"""Cases put to the judge: which came out as expected, and what of the policy decided one that did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from purposegate.engine.decision import Decision, Reason
from purposegate.engine.judge import Derivation, Engine, Weighed
from purposegate.engine.rules import rule_of
from purposegate.findings import Location
from purposegate.tools.cases import Case, Casebook

_OBJECTION = "objection"
# What an entry is known by within its policy: a rule by its ordinal, an objection by its name.
_Key = int | str


class Part(StrEnum):
    """What a decision was expected to be in, and was not."""

    VERDICT = "verdict"
    CLAUSES = "clauses"
    UNMET = "unmet"


@dataclass(frozen=True, slots=True)
class Miss:
    """A use that was not decided as its case expects, and in what it was not."""

    decision: Decision
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case; true where every use that it stands for was decided as expected."""

    case: Case
    misses: tuple[Miss, ...]

    def __bool__(self) -> bool:
        return not self.misses


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule or an objection of a policy, and how many uses it decided as expected: permitted, or denied because of it."""

    kind: str
    clause: str
    name: str | None
    place: Location | None
    permitted: int
    denied: int

    @property
    def decided(self) -> bool:
        """Whether it decided anything as expected."""
        return bool(self.permitted or self.denied)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every entry of a policy that can decide, with what it decided."""

    policy: str
    entries: tuple[Entry, ...]

    @property
    def decided(self) -> int:
        """How many entries decided anything as expected."""
        return sum(entry.decided for entry in self.entries)

    @property
    def percent(self) -> int:
        """How much of the policy that is, rounded down: only all of it is 100."""
        return 100 * self.decided // len(self.entries) if self.entries else 100

    def reaches(self, percent: float) -> bool:
        """Tell whether at least so much of the policy decided something."""
        return 100 * self.decided >= percent * len(self.entries)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of the cases of some files, and how much of each of their policies they cover."""

    outcomes: tuple[tuple[Casebook, tuple[Outcome, ...]], ...]
    coverage: tuple[Coverage, ...]

    @property
    def failed(self) -> int:
        """How many cases did not come out as expected."""
        return sum(not outcome for _, outcomes in self.outcomes for outcome in outcomes)

    @property
    def count(self) -> int:
        """How many cases there were."""
        return sum(len(outcomes) for _, outcomes in self.outcomes)


def trial(casebooks: Iterable[Casebook], only: str = "") -> Trial:
    """Put every case whose name contains a text, in whichever case of letters, to the judge of its policy."""
    outcomes: list[tuple[Casebook, tuple[Outcome, ...]]] = []
    tallies: dict[str, tuple[Engine, _Tally]] = {}
    for book in casebooks:
        engine = book.engine
        _, tally = tallies.setdefault(engine.policy.path, (engine, _Tally()))
        chosen = [case for case in book.cases if only.casefold() in case.name.casefold()]
        outcomes.append((book, tuple(_outcome(engine, case, tally) for case in chosen)))
    return Trial(tuple(outcomes), tuple(_coverage(engine, tally) for engine, tally in tallies.values()))


class _Tally:
    """How often each entry of one policy decided as expected."""

    def __init__(self) -> None:
        self.permitted: Counter[_Key] = Counter()
        self.denied: Counter[_Key] = Counter()

    def add(self, derivation: Derivation) -> None:
        into = self.permitted if derivation.decision.permitted else self.denied
        into.update(set(_decisive(derivation)))


def _outcome(engine: Engine, case: Case, tally: _Tally) -> Outcome:
    misses: list[Miss] = []
    for use in case.uses:
        derivation = engine.derive(use, case.context)
        parts = tuple(_missed(case, derivation.decision))
        if parts:
            misses.append(Miss(derivation.decision, parts))
        else:
            tally.add(derivation)
    return Outcome(case, tuple(misses))


def _missed(case: Case, decision: Decision) -> Iterator[Part]:
    if decision.permitted if case.reason is None else decision.reason is not case.reason:
        yield Part.VERDICT
    if case.clauses is not None and frozenset(decision.clauses) != case.clauses:
        yield Part.CLAUSES
    if case.unmet is not None and frozenset(decision.unmet) != case.unmet:
        yield Part.UNMET


def _decisive(derivation: Derivation) -> Iterator[_Key]:
    """Give what a verdict hangs on: the rules that grant; or those whose demand was not met; or the objections.

    A rule that is only the nearest to a use that none covers decided nothing about it.
    """
    given = (*derivation.provisions, *derivation.exceptions)
    match derivation.decision.reason:
        case Reason.PERMITTED:
            yield from _ordinals(weighed for weighed in (*derivation.openers, *given) if weighed.grants)
        case Reason.UNLISTED_CHANNEL:
            yield from _ordinals(derivation.provisions)
        case Reason.UNMET_CONDITION:
            fitting = (weighed for weighed in derivation.provisions if weighed.fits)
            yield from _ordinals(weighed for weighed in (*derivation.openers, *fitting) if weighed.unmet)
        case Reason.OBJECTION_IN_FORCE:
            yield from derivation.decision.objections
        case _:
            return


def _ordinals(rules: Iterable[Weighed]) -> Iterator[int]:
    return (weighed.rule.ordinal for weighed in rules)


def _coverage(engine: Engine, tally: _Tally) -> Coverage:
    policy = engine.policy
    entries = [
        Entry(rule.kind.value, rule.citation.clause, None, rule.citation.location, tally.permitted[at], tally.denied[at])
        for at in range(len(policy.rules))
        for rule in (rule_of(policy, at),)
    ]
    entries += [
        Entry(_OBJECTION, declared.clause, name, policy.place("objections", name), 0, tally.denied[name])
        for name, declared in policy.objections.items()
    ]
    return Coverage(policy.path, tuple(entries))
