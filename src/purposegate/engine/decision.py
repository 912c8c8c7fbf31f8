"""The answer: permitted, or the reason why not, with the clauses that decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from purposegate.engine.use import Standing
from purposegate.findings import Location


class Reason(StrEnum):
    """Why a use was decided as it was, in the order in which a use is stopped (DESIGN §4)."""

    NOT_IN_FORCE = "not-in-force"
    UNKNOWN_CATEGORY = "unknown-category"
    UNKNOWN_PURPOSE = "unknown-purpose"
    UNKNOWN_RECIPIENT = "unknown-recipient"
    UNKNOWN_CHANNEL = "unknown-channel"
    SUBJECT_REQUIRED = "subject-required"
    CHANNEL_REQUIRED = "channel-required"
    UNDECLARED_PURPOSE = "undeclared-purpose"
    UNLISTED_RECIPIENT = "unlisted-recipient"
    UNLISTED_CHANNEL = "unlisted-channel"
    UNMET_CONDITION = "unmet-condition"
    OBJECTION_IN_FORCE = "objection-in-force"
    PERMITTED = "permitted"


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in the published prose, and where the policy file quotes it."""

    clause: str
    quote: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """An exception that could have permitted a use, and what it lacks for that."""

    citation: Citation
    unmet: tuple[str, ...]
    channels: tuple[str, ...] = ()
    objections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyStamp:
    """Which policy decided; `digest` is the SHA-256 of its file."""

    id: str
    revision: str
    digest: str
    path: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One verdict about one use: true only when it is permitted.

    - `citations`: the entries of the policy that decided, use clauses first; `clauses` gives their names.
    - `unmet`: the conditions that were not shown, where that is the reason.
    - `channels`: the channels that the granting clause lists: an obligation where the use named none, the way out where it named
      another.
    - `objections`: the person's objections that defeated the use.
    - `exceptions`: the exceptions that could have permitted a denied use, with what they lack.
    - `nearest`: the names that would have been known or covered in the place of the one that was not.
    - `standing`: whether a ledger was asked how the person stands.
    - `unaccepted`: the revision in force, which would have permitted a denied use and which the person has not accepted; the policy
      that decided is an earlier one then.
    """

    data_category: str
    purpose: str
    recipient: str
    reason: Reason
    policy: PolicyStamp
    citations: tuple[Citation, ...] = ()
    unmet: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    objections: tuple[str, ...] = ()
    exceptions: tuple[Shortfall, ...] = ()
    nearest: tuple[str, ...] = ()
    standing: Standing = Standing.NOT_CONSULTED
    unaccepted: str | None = None
    # Derived from the reason, and stored all the same: a property would cost more than the whole look-up of a settled decision.
    permitted: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "permitted", self.reason is Reason.PERMITTED)

    def __bool__(self) -> bool:
        return self.permitted

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses that decided, each once."""
        return tuple(dict.fromkeys(citation.clause for citation in self.citations))
