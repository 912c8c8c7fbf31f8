"""Take a guard out of the examples, misspell a name in them, exchange a purpose: a scan must tell each such change.

Each mutant is one small change in a copy of `examples/`, and is found where the scan tells what it did not tell before. Every guard
taken out and every name misspelt must be found, and every exchanged purpose for which the naive reading in `tests/spec.py` denies
the use, or that was the last use for its purpose; exits with 1 otherwise. What no scan can be expected to find is counted apart: a
use that is permitted as well is a use like any other, and of one that it cannot read the scan has said so already.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

sys.path.append(str(Path(__file__).parent.parent / "tests"))  # where the naive reading is

from guards_mutants import GENERATED, Kind, Mutant, Named, constants_said, guards, misspelt, named, renamed
from spec import verdict

from purposegate import Policy
from purposegate.engine.judge import Engine
from purposegate.findings import Finding, Severity
from purposegate.policy.loader import load
from purposegate.tools.scan import Settings, scan
from purposegate.tools.scanning.looking import look
from purposegate.tools.scanning.sighting import Part, SeenUse
from purposegate.tools.scanning.sources import sources

ROOT: Final = Path(__file__).parent.parent
EXCLUDED: Final = ("before.py",)
MUST: Final = (Kind.GUARD, Kind.NAME, Kind.PURPOSE, Kind.UNUSED)
_WIDTH: Final = 55


class Outcome(NamedTuple):
    """What a scan of a mutant told that it did not tell before."""

    mutant: Mutant
    new: tuple[Finding, ...]

    @property
    def slugs(self) -> tuple[str, ...]:
        """The kinds of what is told, each once."""
        return tuple(sorted({each.slug for each in self.new}))

    @property
    def is_missed(self) -> bool:
        """Tell whether a scan that must tell it does not."""
        return self.mutant.kind in MUST and not self.new


@dataclass(slots=True)
class Bench:
    """A copy of the examples and the policies in a folder, in which one mutant after the other is scanned."""

    folder: Path
    engine: Engine = field(init=False)
    told: Counter[tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        for name in ("examples", "policies"):
            shutil.copytree(ROOT / name, self.folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        self.engine = Engine(load(self.folder / "policies" / "en-japan-video-interview.yaml"))
        self.told = Counter(map(_said, self._scanned()))

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that are scanned."""
        return tuple(map(Path, sources([str(self.folder / "examples")], EXCLUDED).files))

    @property
    def policies(self) -> tuple[Policy, ...]:
        """The published policy, and the house's."""
        return (self.engine.policy, load(self.folder / "examples" / "hiring-service.yaml"))

    def spoilt(self) -> Iterator[Mutant]:
        """Give the files without each guard, and with each name misspelt."""
        names = frozenset(name for policy in self.policies for kind in _vocabulary(policy) for name in kind)
        unread = any(slug == "unreadable-use" for slug, *_ in self.told)
        said = frozenset(name for path in self.files for name in constants_said(path))
        for path in self.files:
            yield from guards(path)
            for each in misspelt(path, names, said):
                yield replace(each, kind=Kind.NAME) if each.kind is Kind.UNREAD and not unread else each

    def exchanged(self) -> Iterator[Mutant]:
        """Give each purpose that code names exchanged for each other of its policy."""
        uses = look([str(path) for path in self.files]).uses
        for policy in self.policies:
            document = yaml.safe_load(Path(policy.path).read_text())
            sites = [(path, each) for path in self.files if path.name != GENERATED for each in named(path, policy.purposes, ())]
            sites = [(path, each) for path, each in sites if each.kind is not Kind.NO_USE]
            often = Counter(each.name for _, each in sites)
            for path, each in sites:
                here = [use for use in uses if _names_it(use, path, each)]
                for other in policy.purposes:
                    if other != each.name:
                        kind = _expected(document, here, other)
                        kind = Kind.UNUSED if kind is Kind.PERMITTED and often[each.name] == 1 else kind
                        yield renamed(kind, path, each, other)

    def try_out(self, mutants: Iterable[Mutant]) -> Iterator[Outcome]:
        """Scan each mutant, and put its file back."""
        for mutant in mutants:
            before = mutant.path.read_bytes()
            mutant.path.write_bytes(mutant.source(before))
            try:
                found = self._scanned()
            finally:
                mutant.path.write_bytes(before)
            left = Counter(self.told)
            new = []
            for each in found:
                if left[_said(each)]:
                    left[_said(each)] -= 1
                else:
                    new.append(each)
            yield Outcome(mutant, tuple(new))

    def _scanned(self) -> tuple[Finding, ...]:
        return scan([str(self.folder / "examples")], self.engine, Settings(exclude=EXCLUDED)).findings


def main() -> int:
    """Try every mutant, and print what became of them."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        outcomes = list(bench.try_out([*bench.spoilt(), *bench.exchanged()]))
    print(f"{'what was changed':{_WIDTH}} mutants  found  by notes only  by")
    for kind in Kind:
        _line(kind, [each for each in outcomes if each.mutant.kind is kind])
    missed = [each for each in outcomes if each.is_missed]
    for each in missed:
        print(f"missed: {each.mutant}")
    print(f"{len(missed)} missed of those that must be found")
    # A proof in which nothing of a kind was tried proves nothing.
    return 1 if missed or not {each.mutant.kind for each in outcomes}.issuperset(MUST) else 0


def _line(kind: Kind, outcomes: list[Outcome]) -> None:
    found = [each for each in outcomes if each.new]
    notes = [each for each in found if all(finding.severity is Severity.NOTE for finding in each.new)]
    slugs = Counter(slug for each in found for slug in each.slugs)
    by = ", ".join(f"{slug} {count}" for slug, count in slugs.most_common())
    print(f"{kind:{_WIDTH}} {len(outcomes):>7} {len(found):>6} {len(notes):>14}  {by}")


def _expected(document: dict[str, Any], uses: list[SeenUse], purpose: str) -> Kind:
    """Tell what a scan is to make of uses whose purpose is another, by the naive reading."""
    whole = [use for use in uses if use.data_category is not None]
    if not whole:
        return Kind.LEFT_OUT if uses else Kind.PURPOSE
    if any(use.unread for use in whole):
        return Kind.UNREAD
    was = [_verdict(document, use, use.purpose or "") for use in whole]
    becomes = [_verdict(document, use, purpose) for use in whole]
    if not {*was} <= {"permitted", "unmet-condition"}:
        return Kind.DENIED
    return Kind.PERMITTED if {*becomes} == {"permitted"} else Kind.PURPOSE


def _verdict(document: dict[str, Any], use: SeenUse, purpose: str) -> str:
    asked = {
        "data_category": use.data_category,
        "purpose": purpose,
        "recipient": (use.recipient or "").replace("/...", "/x") or None,
        "channel": use.channel,
        "subject": "a-1" if use.has_subject else None,
    }
    context = {"consulted": use.judge.ledger, "shown": (), "too_early": False, "registered": True, "objections": ()}
    return verdict(document, asked, context)


def _names_it(use: SeenUse, path: Path, each: Named) -> bool:
    places = [
        place for mention in use.mentions if mention.part is Part.PURPOSE for place in (mention.place, mention.origin) if place
    ]
    start = (str(path), each.node.lineno, each.node.col_offset + 1)
    return any((place.path, place.line, place.column) == start for place in places)


def _said(finding: Finding) -> tuple[str, ...]:
    """Give what a finding says, wherever a change has moved its lines."""
    return (finding.slug, finding.location.path if finding.location else "", finding.message)


def _vocabulary(policy: Policy) -> Iterator[Iterable[str]]:
    yield from (policy.categories, policy.purposes, policy.recipients, policy.channels)


if __name__ == "__main__":
    sys.exit(main())
