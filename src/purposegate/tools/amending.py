"""The revisions of a policy one after the other, and what each permits that the one before did not. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from purposegate.engine.judge import Engine
from purposegate.engine.revisions import Revisions
from purposegate.engine.use import Use
from purposegate.ledger.encoding import utc_text
from purposegate.policy.policy import Policy
from purposegate.tools.comparing import Change, Told, above, differences, widest


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
        *(_step(after, in_force, before, tuple(widened(before, after))) for before, after in pairwise([first, *later])),
    )


def widened(before: Engine, after: Engine) -> Iterator[Use]:
    """Yield the uses that an amendment permits anew, on fewer conditions, by another channel or in spite of an objection.

    They want express consent. One that lies under another one of these is not told again. The recipient is `class/*` where it is
    any instance of a class, and not the class as a whole.
    """
    told = [each for each in widest(before, after, differences(before, after)) if each.gain.change is Change.WIDENED]
    uses = {(*each[:3], each.gain.channel): each for each in told}
    for key, each in uses.items():
        wider = {*above(after, *key[:3]), key[:3]}
        if not any((*use, channel) in uses for use in wider for channel in (None, key[3]) if (*use, channel) != key):
            yield _use(after, each)


def _use(after: Engine, told: Told) -> Use:
    itself = told.recipient.name == after.policy.controller
    return Use(told.data_category, told.purpose, None if itself else str(told.recipient), channel=told.gain.channel)


def _step(engine: Engine, in_force: Engine, before: Engine | None, widens: tuple[Use, ...]) -> Step:
    policy = engine.policy
    follows = None if before is None else before.policy.revision
    return Step(policy.revision, policy.in_force_from, engine is in_force, follows, widens)
