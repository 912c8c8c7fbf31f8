"""What a scan sees in code, before any policy is asked: uses, reads, labelled fields, facts, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from purposegate.findings import Finding


class Place(NamedTuple):
    """Where something stands; lines and columns count from 1, columns in characters, and the end is behind the last one."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class How(StrEnum):
    """By what a use is made, in the words of the code."""

    CHECK = "check"
    DECIDE = "decide"
    GUARD = "guard"
    PURPOSE = "purpose"
    RESUME = "resume"
    BIND = "bind"
    OPEN = "open"
    DISCLOSE = "disclose"
    FIELDS = "fields"
    ROUTE = "for_purpose"
    LABEL = "Personal"
    READ = "read"


class Part(StrEnum):
    """Which part of a use a name is."""

    DATA_CATEGORY = "data_category"
    PURPOSE = "purpose"
    RECIPIENT = "recipient"
    CHANNEL = "channel"


class Mention(NamedTuple):
    """A name of the policy as it stands in code; `place` is that of the expression, and `origin` that of the text it comes to."""

    part: Part
    name: str
    place: Place
    origin: Place | None = None


_ANY_INSTANCE: Final = "/..."
_SOME_INSTANCE: Final = "/x"


def asked(recipient: str) -> str:
    """Give a recipient as the judge can be asked about it, also where no literal names the instance."""
    return recipient.removesuffix(_ANY_INSTANCE) + _SOME_INSTANCE if recipient.endswith(_ANY_INSTANCE) else recipient


class Judge(NamedTuple):
    """Which policy judges: the path that the gate's `load` names, or None for the project's; and whether the gate has a ledger."""

    policy: str | None = None
    ledger: bool = False


@dataclass(frozen=True, slots=True)
class SeenUse:
    """One use that code makes; a part that the code does not name is None, and so is one that could not be read.

    Where several names may stand in one place, each combination is a use of its own. An instance whose id is no literal is
    written `class/...`. `asks` tells that nothing is released by it, `drops` that what is denied is only left out, `expected`
    that the code around it expects a denial. `receiver_known` is false where the scanner does not know that it is a gate's;
    `unread` tells that a part stands there that could not be read, and `bound` that purpose and recipient were fixed elsewhere.
    """

    how: How
    place: Place
    function: str
    judge: Judge
    data_category: str | None = None
    purpose: str | None = None
    recipient: str | None = None
    channel: str | None = None
    has_subject: bool = False
    mentions: tuple[Mention, ...] = ()
    asks: bool = False
    drops: bool = False
    expected: bool = False
    receiver_known: bool = True
    unread: bool = False
    bound: bool = False


@dataclass(frozen=True, slots=True)
class SeenField:
    """A field of a model, record or row: `types` are the dotted names in its annotation, `categories` those of its labels.

    `read` tells that some code reads it, or hands it to a gate. `bases` are the dotted names of what the class derives from and is
    decorated with.
    """

    owner: str
    name: str
    place: Place
    types: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    labels: tuple[Mention, ...] = ()
    sealed: bool = False
    read: bool = False
    bases: tuple[str, ...] = ()


class SeenFact(NamedTuple):
    """A fact that code registers at a gate."""

    name: str
    place: Place
    judge: Judge


class SeenCover(NamedTuple):
    """A use that was released before a read; without a category, a purpose that the read stands under."""

    judge: Judge
    data_category: str | None
    purpose: str | None
    recipient: str | None
    place: Place
    how: How = How.CHECK


class SeenWay(NamedTuple):
    """One way to a read: the covers on it, and the call by which it comes into the function."""

    covers: tuple[SeenCover, ...] = ()
    caller: Place | None = None


@dataclass(frozen=True, slots=True)
class SeenRead:
    """A read of what bears labels: on every way to it, every label must be covered. `what` is the field as it is called."""

    place: Place
    function: str
    what: str
    labels: tuple[Mention, ...]
    ways: tuple[SeenWay, ...]


class UnknownRead(NamedTuple):
    """A read of something called like a labelled field, of an object that the scanner does not know."""

    place: Place
    function: str
    name: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """All that was seen in the files of a scan; `findings` are what needs no policy to be told, as `cannot-verify`."""

    uses: tuple[SeenUse, ...] = ()
    reads: tuple[SeenRead, ...] = ()
    fields: tuple[SeenField, ...] = ()
    facts: tuple[SeenFact, ...] = ()
    unknown: tuple[UnknownRead, ...] = ()
    findings: tuple[Finding, ...] = ()
    gates: tuple[tuple[Judge, Place], ...] = ()
    files: tuple[str, ...] = ()
    lines: int = field(default=0, compare=False)
