"""The revisions of a policy one after the other, and what each permits that the one before did not. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from purposegate.engine.judge import Engine
from purposegate.engine.revisions import Revisions, widened
from purposegate.engine.use import Use
from purposegate.ledger.encoding import utc_text
from purposegate.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class Step:
    """A revision: from when it is in force, whether it is so now, which one it follows, and the uses that want express consent."""

    revision: str
    in_force_from: datetime | None
    in_force: bool
    follows: str | None
    widens: tuple[Use, ...]

    @property
    def title(self) -> str:
        """What is said above the uses."""
        since = "from the beginning" if self.in_force_from is None else f"from {utc_text(self.in_force_from)[:16]} UTC"
        now = ", in force" if self.in_force else ""
        count = len(self.widens)
        wants = f"{count} uses want" if count > 1 else "1 use wants"
        return f"revision {self.revision}: {since}{now}{f'; {wants} express consent' if count else ''}"

    @property
    def rows(self) -> list[dict[str, object]]:
        """The uses, with `(the controller)` where there is no other recipient."""
        return [
            {
                "data_category": use.data_category,
                "purpose": use.purpose,
                "recipient": use.recipient or "(the controller)",
                "channel": use.channel,
            }
            for use in self.widens
        ]

    def as_dict(self) -> dict[str, object]:
        """Give the step as plain data."""
        return {
            "revision": self.revision,
            "in_force_from": None if self.in_force_from is None else utc_text(self.in_force_from),
            "in_force": self.in_force,
            "follows": self.follows,
            "wants_express_consent": [
                {"data_category": use.data_category, "purpose": use.purpose, "recipient": use.recipient, "channel": use.channel}
                for use in self.widens
            ],
        }


def amending(policies: Sequence[Policy], at: datetime) -> tuple[Step, ...]:
    """Give the revisions in the order in which they come into force; raise `PolicyError` where they are not those of one policy."""
    revisions = Revisions(policies)
    in_force = revisions.in_force(at)
    first, *later = revisions.engines
    return (
        _step(first, in_force, None, ()),
        *(_step(after, in_force, before, tuple(_widened(before, after))) for before, after in pairwise([first, *later])),
    )


def _step(engine: Engine, in_force: Engine, before: Engine | None, widens: tuple[Use, ...]) -> Step:
    policy = engine.policy
    follows = None if before is None else before.policy.revision
    return Step(policy.revision, policy.in_force_from, engine is in_force, follows, widens)


def _widened(before: Engine, after: Engine) -> tuple[Use, ...]:
    """Compare two revisions on the day on which the later one comes into force."""
    begins = after.policy.in_force_from
    return tuple(widened(before, after, begins)) if begins is not None else ()
