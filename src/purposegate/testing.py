"""For test suites: uses asserted as permitted or denied, and what of a policy a suite never exercised.

The pytest plugin (extra `pytest`) brings a gate with it; what is here works with any test runner.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from purposegate.engine.decision import Decision, Reason
from purposegate.findings import Location
from purposegate.gate.ambient import AMBIENT, Ambient
from purposegate.gate.gate import Gate
from purposegate.gate.violation import story
from purposegate.policy.policy import Policy
from purposegate.trail.memory import MemorySink
from purposegate.trail.record import Record

__all__ = ["Exercise", "ExercisingSink", "assert_denied", "assert_permitted"]

# Denials of which the policy's rules know nothing: a misspelt name would end in one of them for ever.
_BY_THE_RULES: Final = frozenset(
    {
        Reason.UNDECLARED_PURPOSE,
        Reason.UNLISTED_RECIPIENT,
        Reason.UNLISTED_CHANNEL,
        Reason.UNMET_CONDITION,
        Reason.OBJECTION_IN_FORCE,
    }
)


def assert_permitted(
    gate: Gate,
    data_category: str,
    purpose: str | Ambient = AMBIENT,
    recipient: str | None = None,
    *,
    subject: str | None = None,
    channel: str | None = None,
    claim: str | None = None,
) -> Decision:
    """Ask the gate, and raise `AssertionError` with the whole story where the use is denied, also while the gate only observes."""
    __tracebackhide__ = True
    decision = gate.decide(data_category, purpose, recipient, subject=subject, channel=channel, claim=claim)
    if not decision.permitted:
        raise AssertionError("\n".join(story(decision)))
    return decision


def assert_denied(
    gate: Gate,
    data_category: str,
    purpose: str | Ambient = AMBIENT,
    recipient: str | None = None,
    *,
    reason: Reason | str | None = None,
    subject: str | None = None,
    channel: str | None = None,
    claim: str | None = None,
) -> Decision:
    """Ask the gate, and raise `AssertionError` where the use is permitted, or denied for another reason.

    Without a `reason` it must be one of the policy's rules: that a name is unknown, or something was not said, is to be expected by
    name. Raises `ValueError` for a reason that there is not.
    """
    __tracebackhide__ = True
    expected = None if reason is None else Reason(reason)
    decision = gate.decide(data_category, purpose, recipient, subject=subject, channel=channel, claim=claim)
    if decision.reason in (_BY_THE_RULES if expected is None else {expected}) and not decision.permitted:
        return decision
    told = f"expected a denial for `{expected}`" if expected is not None else "expected a denial by the rules"
    raise AssertionError("\n".join([told, *story(decision)]))


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

    def write(self, record: Record) -> None:
        """Keep a record."""
        super().write(record)
        self._exercise.add([record.decision])
