"""What a scan of each fixture finds, in the words in which the fixture says what it must find; `proofs/precision.py` counts it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from builders import ROOT
from scan_fixtures import Expected, Fixture, Named

from purposegate import Engine
from purposegate.findings import Finding
from purposegate.policy.loader import load
from purposegate.tools.scan import Settings, scan

# These are about a name, wherever they are reported.
_OF_NAMES: Final = frozenset({"declared-never-used", "fact-never-registered", "use-without-label"})
_NAME: Final = re.compile(r"`([^`]+)`")


@cache
def engine_of(policy: Path) -> Engine:
    """Give the judge of a policy, each read once."""
    return Engine(load(policy))


@cache
def findings_of(fixture: Fixture) -> tuple[Finding, ...]:
    """Scan a fixture alone, as from the root of the repository, from which its gates name their policies; nothing is kept."""
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        found = scan([str(fixture.path)], engine_of(fixture.policy), Settings(assume=fixture.assumes)).findings
    finally:
        os.chdir(before)
    return tuple(each for each in found if fixture.counts(each.slug))


def told(fixture: Fixture) -> frozenset[Expected | Named]:
    """Give what a scan finds in a fixture: at its lines, and of names where it is reported elsewhere."""
    return frozenset(_told(fixture))


def _told(fixture: Fixture) -> Iterator[Expected | Named]:
    for each in findings_of(fixture):
        if each.location is None or each.slug in _OF_NAMES:
            name = _NAME.search(each.message)
            yield Named(each.slug, name[1] if name else each.message)
        else:
            yield Expected(_within(Path(each.location.path), fixture.folder), each.location.line, each.slug)


def _within(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)
