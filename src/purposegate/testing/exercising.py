"""What of a policy a suite exercised, and what it never did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from purposegate.engine.decision import Decision
from purposegate.findings import Location
from purposegate.policy.policy import Policy
from purposegate.trail.memory import MemorySink
from purposegate.trail.record import Record


class Exercise:
    """What of a policy was exercised by permitted decisions: its purposes, and its provisions to others.

    A purpose is exercised by a use for it, or for one that lies under it; a provision where it is among the entries that permit.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._purposes: set[str] = set()
        self._provisions: set[Location] = set()
        rules = policy.rules
        # Where each provision stands, with its clause.
        self._declared = {
            place: rules.texts[rules.clauses[rules.uses + number]]
            for number in range(rules.provisions)
            if (place := policy.place("provisions", number)) is not None
        }
        # By line and column alone: the same text may have been read by another path, or in another working directory.
        self._places = {(place.line, place.column): place for place in self._declared}

    def add(self, decisions: Iterable[Decision]) -> None:
        """Count decisions; those of another policy and denials exercise nothing."""
        for decision in decisions:
            if decision.permitted and decision.policy.digest == self.policy.digest:
                self._purposes |= self.policy.purposes.above(decision.purpose)
                self._exercised((place.line, place.column) for citation in decision.citations if (place := citation.location))

    @property
    def purposes_left(self) -> tuple[str, ...]:
        """The declared purposes for which nothing was permitted, in the order of the policy."""
        return tuple(name for name in self.policy.purposes if name not in self._purposes)

    @property
    def provisions_left(self) -> tuple[Location, ...]:
        """Where the provisions stand that permitted nothing, in the order of the policy."""
        return tuple(place for place in self._declared if place not in self._provisions)

    def report(self) -> list[str]:
        """Say in lines what was never exercised, each with its place in the policy."""
        purposes = [f"  {name}  {self.policy.place('purposes', name) or ''}".rstrip() for name in self.purposes_left]
        provisions = [f"  clause {self._declared[place]}  {place}" for place in self.provisions_left]
        return [
            f"purposes never exercised: {len(purposes)} of {len(tuple(self.policy.purposes))}",
            *purposes,
            f"provisions never exercised: {len(provisions)} of {len(self._declared)}",
            *provisions,
        ]

    def to_json(self) -> dict[str, object]:
        """Give what was exercised in a form that a process can send."""
        return {
            "digest": self.policy.digest,
            "purposes": sorted(self._purposes),
            "provisions": sorted([place.line, place.column] for place in self._provisions),
        }

    def merge(self, sent: Mapping[str, Any]) -> None:
        """Count what another process sent of the same policy; of another one, nothing."""
        if sent["digest"] == self.policy.digest:
            self._purposes.update(sent["purposes"])
            self._exercised((line, column) for line, column in sent["provisions"])

    def _exercised(self, at: Iterable[tuple[int, int]]) -> None:
        self._provisions.update(self._places[each] for each in at if each in self._places)


class ExercisingSink(MemorySink):
    """A trail in memory that counts what it is told at once, so that a test may empty its list."""

    def __init__(self, exercise: Exercise) -> None:
        super().__init__()
        self._exercise = exercise

    def write(self, records: Sequence[Record]) -> None:
        """Keep records."""
        super().write(records)
        self._exercise.add(record.decision for record in records)
