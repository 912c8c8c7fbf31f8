"""What was expected of a case and what was found, worded for the person who wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, assert_never

from purposegate.engine.decision import Decision
from purposegate.findings import listed
from purposegate.gate.violation import story
from purposegate.tools.trial import Miss, Outcome, Part

# A case that stands for many uses shows a few of those that were decided otherwise.
_SHOWN: Final = 3


def told(outcome: Outcome) -> Iterator[str]:
    """Say line by line of a case that failed: where it stands, what it expects, and the story of what was decided instead."""
    case = outcome.case
    yield f"{case.place}: {case.name}"
    for miss in outcome.misses[:_SHOWN]:
        yield f"  expected {_joined(_expected(outcome, miss))}; found {_joined(_found(miss))}"
        for line in story(miss.decision):
            yield f"    {line}"
    if len(outcome.misses) > _SHOWN:
        yield f"  and {len(outcome.misses) - _SHOWN} more of its {len(case.uses)} uses"


def _expected(outcome: Outcome, miss: Miss) -> Iterator[str]:
    case = outcome.case
    for part in miss.parts:
        match part:
            case Part.VERDICT:
                yield f"`{case.verdict}`"
            case Part.CLAUSES:
                yield _clauses(sorted(case.clauses or ()))
            case Part.UNMET:
                yield _unmet(sorted(case.unmet or ()))
            case _:
                assert_never(part)


def _found(miss: Miss) -> Iterator[str]:
    decision: Decision = miss.decision
    for part in miss.parts:
        match part:
            case Part.VERDICT:
                yield f"`{decision.reason}`"
            case Part.CLAUSES:
                yield _clauses(decision.clauses)
            case Part.UNMET:
                yield _unmet(decision.unmet)
            case _:
                assert_never(part)


def _clauses(names: tuple[str, ...] | list[str]) -> str:
    return f"by {'clause' if len(names) == 1 else 'clauses'} {', '.join(names)}" if names else "by no clause"


def _unmet(names: tuple[str, ...] | list[str]) -> str:
    return f"{listed(names)} unmet" if names else "nothing unmet"


def _joined(parts: Iterator[str]) -> str:
    return ", ".join(parts)
