"""The question that the judge is asked, and what is known when it is asked."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """Whether a ledger was asked how the person stands."""

    NOT_CONSULTED = "not-consulted"
    CONSULTED = "consulted"


@dataclass(frozen=True, slots=True)
class Use:
    """One use of personal data: which data, why, and by whom; no recipient means the controller itself.

    `subject`, `channel` and `claim` are the person whose data they are, the way they go out, and the id of an approved case.
    """

    data_category: str
    purpose: str
    recipient: str | None = None
    subject: str | None = None
    channel: str | None = None
    claim: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of one use when it is judged.

    `at` is the instant, with its time zone (a naive one raises `ValueError`). `shown` are the conditions that the ledger and the
    facts show for this use, those shown by a claim all from the one claim it names. `objections` are those in force that hit it.
    `registered` tells that the ledger knows the recipient's instance under its class; it says nothing where no ledger was asked.
    """

    at: datetime
    shown: frozenset[str] = frozenset()
    objections: frozenset[str] = frozenset()
    standing: Standing = Standing.NOT_CONSULTED
    registered: bool = False

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the instant of a decision needs a time zone")
        for part in ("shown", "objections"):
            names: object = getattr(self, part)
            if type(names) is not frozenset:
                if not isinstance(names, AbstractSet):
                    raise TypeError(f"`{part}` is a set of names")  # text would be read letter by letter
                object.__setattr__(self, part, frozenset(names))
