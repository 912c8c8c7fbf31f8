"""A report on a trail in a database, in the words of one on a file (`trail.report`), and its head in those of a file's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from purposegate.trail.chain import Head
from purposegate.trail.report import FileReport, State, Wrong
from purposegate.trail.sql import chain
from purposegate.trail.sql.sink import SqlSink

# What stands for the chain of a file: the seal of such a head is the place of a record, and it covers no bytes of a file.
CHAIN: Final = "0" * 16


def report(sink: SqlSink, name: str, heads: Sequence[Head] = ()) -> FileReport:
    """Verify a trail, and each head that it told earlier; raise `TrailError` where it cannot be read."""
    records, size = sink.size()
    head = sink.head()
    told = [chain.Head(each.seal, each.sha256) for each in heads if each.chain == CHAIN]
    faults = {(fault.place, fault.what) for anchor in [None, *told] for fault in sink.verify(anchor)}
    wrong = tuple(Wrong(f"place {place}: {what}") for place, what in sorted(faults))
    if len(told) < len(heads):
        wrong = (*wrong, Wrong("what was exported before holds heads of files, which are not here"))
    sealed = None if wrong or not head.position else Head(CHAIN, head.position, 0, head.sha256)
    return FileReport(name, None, State.TAMPERED if wrong else State.WHOLE, size, records, head=sealed, wrong=wrong)
