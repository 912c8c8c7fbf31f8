"""Whether a trail is what was written: every file against its own seals, and against the heads that others remember of it.

What a seal covers cannot be changed without the seal telling so. A whole file can be forged, and the end of one that was not closed
cut off, by whoever can write the folder: that is told by the heads in the other files, and by those that were exported before.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from purposegate.trail.blocks import Listed, header_bytes, listed, opened
from purposegate.trail.chain import HEADER_START, Head, Header, header_of
from purposegate.trail.examining import Examined
from purposegate.trail.report import FileReport, Remembered, State, Wrong


def verify(
    folder: str | os.PathLike[str], heads: Iterable[Head] = (), *, progress: Callable[[int], None] | None = None
) -> Iterator[FileReport]:
    """Yield a report on everything that stands in a trail's folder, and on every file that is remembered and gone.

    `heads` are anchors: what `trail heads` exported before. `progress` is told how many bytes have been looked at since. Raises
    `TrailError` where something cannot be read.
    """
    found = listed(folder)
    headers = dict(_headers(found))
    remembered: dict[str, list[Remembered]] = {}
    for name, header in headers.items():
        for head in header.heads:
            remembered.setdefault(head.chain, []).append(Remembered(head, name))
    for head in heads:
        remembered.setdefault(head.chain, []).append(Remembered(head, None))
    chains = {each.name: each.chain or (headers[each.name].chain if each.name in headers else None) for each in found}
    borne = Counter(chains.values())
    for each in found:
        chain = chains[each.name]
        wanted = [] if chain is None else remembered.get(chain, [])
        yield _file_report(each, chain, wanted, progress, alone=chain is None or borne[chain] == 1)
    for chain in sorted(remembered.keys() - set(chains.values())):
        yield FileReport("", chain, State.MISSING, wrong=tuple(_missing(remembered[chain])))


def _headers(found: Iterable[Listed]) -> Iterator[tuple[str, Header]]:
    for each in found:
        if not each.regular:
            continue
        with opened(each.path) as file:
            line = header_bytes(file, each.size)
        if line.startswith(HEADER_START):
            try:
                yield each.name, header_of(line)
            except ValueError:
                continue  # told of where the file itself is looked at


def _file_report(
    listed: Listed, chain: str | None, remembered: list[Remembered], progress: Callable[[int], None] | None, *, alone: bool
) -> FileReport:
    report = FileReport(listed.name, chain, State.FOREIGN, listed.size)
    if chain is None and not _begins_as_a_trail(listed):
        return report
    if not listed.regular:
        return replace(report, state=State.TAMPERED, wrong=(Wrong("it is no regular file, as every file of a trail is"),))
    with opened(listed.path) as file:
        report = Examined(file, listed, progress).report(chain, remembered)
    if not alone:
        other = Wrong(f"another file bears the chain {chain} too")
        report = replace(report, state=State.TAMPERED, wrong=(*report.wrong, other))
    return report


def _begins_as_a_trail(listed: Listed) -> bool:
    if not listed.regular:
        return False
    with opened(listed.path) as file:
        return header_bytes(file, min(listed.size, len(HEADER_START))).startswith(HEADER_START)


def _missing(remembered: Iterable[Remembered]) -> Iterator[Wrong]:
    last = {each.by: each for each in sorted(remembered, key=lambda each: each.head.seal)}
    for each in last.values():
        yield Wrong(f"the file is gone: its seal {each.head.seal}, of {each.head.bytes} bytes, is one which {each.words}")
