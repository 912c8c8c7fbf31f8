"""What sinks that stand around another one have in common."""

from __future__ import annotations

from collections.abc import Sequence

from purposegate.errors import TrailError
from purposegate.trail.record import Durability, Record, Sink


def demand_no_disk(records: Sequence[Record], why: str) -> None:
    """Raise `TrailError` where a record has to survive a loss of power, and nothing that keeps it stands inside."""
    if any(each.durability is Durability.DISK for each in records):
        refused = TrailError(f"a record that has to survive a loss of power is kept nowhere: {why}")
        refused.add_note("put a sink inside that keeps records on disk")
        raise refused


def interrupting() -> TrailError:
    """Give what is raised where a signal's handler asks for what it has interrupted: neither can go on before the other."""
    refused = TrailError("the trail is asked to write in the midst of writing")
    refused.add_note("let a signal's handler only say that it came, and ask the gate afterwards")
    return refused


def close_inner(inner: Sink | None) -> None:
    """Close a sink that can be closed."""
    close = getattr(inner, "close", None)
    if close is not None:
        close()
