"""The fixtures of the scanner as values: real code with the findings that a scan of it must bring, and no others."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

from builders import ROOT, SHIPPED

FOLDER: Final = Path(__file__).parent / "scan"
KINDS: Final = ("bad", "good")
# Notes that a whole corpus brings by the dozen: they count in the fixtures that are about them.
ELSEWHERE_IGNORED: Final = frozenset(
    {"declared-never-used", "fact-never-registered", "label-never-used", "unknown-receiver", "use-without-label"}
)

_MARKER: Final = re.compile(r"# finds(?P<below> below)?: (?P<slugs>[a-z-]+(?:, [a-z-]+)*)$")
_POLICY: Final = re.compile(r"# policy: (?P<path>\S+)$", re.MULTILINE)
_ASSUMES: Final = re.compile(r"# assumes: (?P<names>[a-z_]+(?:, [a-z_]+)*)$", re.MULTILINE)


class Expected(NamedTuple):
    """A finding at a line of a file of the fixture."""

    file: str
    line: int
    slug: str


class Named(NamedTuple):
    """A finding about a name, wherever it is reported."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Fixture:
    """A file, or a package, with what a scan of it by `policy` finds while `assumes` is taken to hold.

    `expected` is a set: a line has a finding of a slug, however many of it. Files are named from the fixture's own folder.
    """

    slug: str
    kind: str
    path: Path
    expected: frozenset[Expected]
    named: frozenset[Named]
    policy: Path
    assumes: frozenset[str]

    @property
    def folder(self) -> Path:
        """The folder from which its files are named."""
        return self.path if self.path.is_dir() else self.path.parent

    @property
    def files(self) -> tuple[Path, ...]:
        """Its Python files."""
        return tuple(sorted(self.path.rglob("*.py"))) if self.path.is_dir() else (self.path,)

    def counts(self, slug: str) -> bool:
        """Tell whether a finding of this slug is looked at here at all."""
        return slug == self.slug or slug not in ELSEWHERE_IGNORED

    def __str__(self) -> str:
        return f"{self.slug}/{self.kind}/{self.path.stem}"


def fixtures() -> tuple[Fixture, ...]:
    """Give all fixtures, in the order of their paths."""
    return tuple(
        _fixture(slug.name, kind, path)
        for slug in sorted(FOLDER.iterdir())
        for kind in KINDS
        for path in sorted((slug / kind).glob("*"))
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    )


def markers(source: bytes) -> Iterator[tuple[int, str]]:
    """Yield each line at which a finding must come, with its slug, by the comments of a file."""
    for line, comment in _comments(source):
        found = _MARKER.search(comment)
        if found is not None:
            for slug in found["slugs"].split(", "):
                yield line + (found["below"] is not None), slug


def _fixture(slug: str, kind: str, path: Path) -> Fixture:
    folder = path if path.is_dir() else path.parent
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    sources = {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}
    head = sources["__init__.py" if path.is_dir() else path.name].decode("utf-8", "replace")
    policy, assumes = _POLICY.search(head), _ASSUMES.search(head)
    return Fixture(
        slug,
        kind,
        path,
        frozenset(Expected(name, line, found) for name, source in sources.items() for line, found in markers(source)),
        frozenset(_named(path / "expected.txt")) if path.is_dir() else frozenset(),
        ROOT / policy["path"] if policy else SHIPPED,
        frozenset(assumes["names"].split(", ")) if assumes else frozenset(),
    )


def _named(path: Path) -> Iterator[Named]:
    if path.is_file():
        for line in path.read_text("utf-8").splitlines():
            slug, _, name = line.partition(" ")
            yield Named(slug, name)


def _comments(source: bytes) -> Iterator[tuple[int, str]]:
    """Yield the comments of a file; of one that is no Python, the ends of its lines, of which some look like comments."""
    try:
        tokens = list(tokenize.tokenize(BytesIO(source).readline))
    except (SyntaxError, tokenize.TokenError):
        yield from enumerate(source.decode("latin-1").splitlines(), start=1)
    else:
        yield from ((token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT)
