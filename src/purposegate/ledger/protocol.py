"""What a gate, and whoever keeps it, asks of a ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from purposegate.engine.use import Use
from purposegate.ledger.records import Entry, Kept, Records, Release

# As of when something is asked: a place in the order of the ledger, an instant, or now.
AsOf = int | datetime | None


class Ledger(Protocol):
    """A store of consents, objections, claims, agreements, amendments and provisions. Nothing in it is ever changed or taken out.

    One ledger serves one policy: its entries bear the names of that policy and of its revisions.

    Whatever it raises reaches the caller of the gate as a `LedgerError`, and nothing is released. It answers or raises within a
    deadline of its own: a gate waits for it as long as it takes.
    """

    def consult(self, use: Use, as_of: AsOf = None) -> Records:
        """Give all that is held about the use's subject, recipient and claim, as one consistent answer."""
        ...

    def record(self, releases: Sequence[Release]) -> None:
        """Keep releases before they happen, and spend their claims: all of them, or none and raise.

        When it returns they are kept, whatever happens to the process. One whose id is kept already is not kept again. Where the
        connection was lost while they were being kept they may have been: a record too many, of what was not released.
        """
        ...

    def enter(self, *entries: Entry) -> None:
        """Keep entries, all of them or none; raise `LedgerError` where one contradicts what is held."""
        ...

    def entries(
        self, *, subject: str | None = None, recipient: str | None = None, claim: str | None = None, as_of: AsOf = None
    ) -> tuple[Kept, ...]:
        """Give the entries about a person, a recipient or a claim, or all of them, in the order in which they were recorded.

        Those about a person are also the claims that name them. Raises `ValueError` where more than one is asked for.
        """
        ...

    def releases(self, *, subject: str | None = None, recipient: str | None = None, claim: str | None = None) -> Iterable[Release]:
        """Give the releases in the order in which they were recorded: of a person's data, to a recipient, and under a claim."""
        ...

    def on_change(self, changed: Callable[[str | None], None]) -> None:
        """Have a function told of each person about whom something was entered, as `known_as` names them.

        It is told None where it may concern anybody.
        """
        ...

    def hears(self) -> bool:
        """Tell whether listeners are told now of everything that they can be told of; while it does not, nothing is kept."""
        ...

    def known_as(self, subject: str) -> str:
        """Give the id under which a person is kept: the id itself, or the keyed hash of it."""
        ...
