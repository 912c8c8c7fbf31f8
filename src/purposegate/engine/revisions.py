"""The revisions of one policy, and what an amendment means for a person who has not accepted it (DESIGN §4, article 9).

A use is permitted where the revision in force permits it and, unless the person has accepted that one, every revision since the
last one they accepted permits it too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from purposegate.engine.decision import Decision
from purposegate.engine.judge import Engine
from purposegate.engine.use import Context, Use
from purposegate.errors import PolicyError
from purposegate.findings import Finding, Location, Severity
from purposegate.policy.policy import Policy


class Revisions:
    """The compiled revisions of one policy, in the order in which they came into force."""

    __slots__ = ("_begins", "engines")

    def __init__(self, policies: Sequence[Policy]) -> None:
        """Compile them; raise `PolicyError` where they are not revisions of one policy, each with a day of its own."""
        wrong = [*_no_revisions(policies)]
        if wrong:
            raise PolicyError(wrong)
        begun = sorted(policies, key=lambda each: (each.in_force_from is not None, each.in_force_from))
        self.engines = tuple(map(Engine, begun))
        self._begins = tuple(each.in_force_from for each in begun)

    @property
    def policies(self) -> tuple[Policy, ...]:
        """The policies, the oldest first."""
        return tuple(engine.policy for engine in self.engines)

    def in_force(self, at: datetime) -> Engine:
        """Give the revision in force at an instant; before the first one, that one, which denies everything until its day."""
        return self.engines[self._number(at)]

    def all_begun(self, at: datetime) -> bool:
        """Tell whether no revision is still to come into force."""
        return self._number(at) == len(self.engines) - 1

    def knows(self, use: Use) -> bool:
        """Tell whether any revision knows all three names of a use."""
        return self.engines[-1].knows(use) or any(engine.knows(use) for engine in self.engines[:-1])

    def binding(self, at: datetime, accepted: Callable[[Sequence[Policy]], int | None]) -> tuple[Engine, ...]:
        """Give the revisions that must permit a use, the one in force first, then those before it down to the last accepted.

        `accepted` is told the revisions up to the one in force, and gives the number of the last one that the person accepted.
        """
        number = self._number(at)
        if number == 0:
            return self.engines[:1]
        last = accepted([engine.policy for engine in self.engines[: number + 1]])
        return self.engines[last or 0 : number + 1][::-1]

    def _number(self, at: datetime) -> int:
        number = len(self._begins) - 1
        while number > 0 and (begins := self._begins[number]) is not None and begins > at:
            number -= 1
        return number


def decide_all(binding: Sequence[Engine], use: Use, contexts: Sequence[Context]) -> Decision:
    """Judge a use by every revision that binds: the decision of the one in force, or the denial of an earlier one."""
    decision = binding[0].decide(use, contexts[0])
    earlier = [engine.decide(use, context) for engine, context in zip(binding[1:], contexts[1:], strict=True)]
    if decision.permitted:
        for each in earlier:
            if not each.permitted:
                return replace(each, unaccepted=decision.policy.revision)
    lists = [set(each.channels) for each in earlier if each.channels]
    if not decision.channels or not lists:
        return decision
    # What one of them does not list is no way out.
    return replace(decision, channels=tuple(name for name in decision.channels if all(name in each for each in lists)))


def _no_revisions(policies: Sequence[Policy]) -> Iterator[Finding]:
    first = next(iter(policies), None)
    if first is None:
        yield Finding("no-policy", Severity.ERROR, "there is no revision of a policy")
        return
    days: dict[datetime, Policy] = {}
    names: dict[str, Policy] = {}
    for policy in policies:
        place = Location(policy.path, 1, 1)
        if (policy.id, policy.controller) != (first.id, first.controller):
            yield Finding("another-policy", Severity.ERROR, f"this is no revision of `{first.id}`", place)
        if names.setdefault(policy.revision, policy) is not policy:
            message = f"the revision `{policy.revision}` is here twice"
            yield Finding("same-revision", Severity.ERROR, message, place, help=f"the other one is {names[policy.revision].path}")
        begins = policy.in_force_from
        if begins is None and len(policies) > 1:
            help_ = "state `effective`, so that one follows the other"
            yield Finding("no-effective-day", Severity.ERROR, "a revision among others needs its day", place, help=help_)
        elif begins is not None and days.setdefault(begins, policy) is not policy:
            message = "two revisions come into force on the same day"
            yield Finding("same-day", Severity.ERROR, message, place, help=f"the other one is {days[begins].path}")
