"""No Python makes a scan crash, hang or fall silent: what is not followed is told."""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

import pytest
from builders import ROOT, SHIPPED
from scan_hostile import ALLOWED, CHECK, GATE, MARK, MODEL, PROGRAMS
from scanned import engine_of

from purposegate.findings import Finding
from purposegate.tools.scan import scan

SECONDS: Final = 5  # of the processor
WAITING: Final = 60  # of the clock, for what waits for others
MEMORY: Final = 2 * 1024**3
# Where one of these is told of a file, its reader knows that not all of it was seen.
NOT_SEEN: Final = frozenset({"cannot-verify", "unparsable"})
Told = set[tuple[str, int, str]]


class TookTooLongError(BaseException):
    """A scan is still at work after the time that it has; nothing may catch that."""


@contextmanager
def limits() -> Iterator[None]:
    """Stop what takes more time than it has, or memory beyond what a scan may need."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TookTooLongError

    memory = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if sys.platform == "linux" else 0
    before = [(each, signal.signal(each, stop)) for each in (signal.SIGPROF, signal.SIGALRM)]
    if used:
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, memory[1]))
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    signal.setitimer(signal.ITIMER_REAL, WAITING)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before:
            signal.signal(number, handler)
        resource.setrlimit(resource.RLIMIT_AS, memory)


@pytest.fixture(autouse=True)
def _root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def written(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def scanned(folder: Path) -> tuple[Finding, ...]:
    with limits():
        return scan([str(folder)], engine_of(SHIPPED)).findings


def told(folder: Path) -> Told:
    """Give what is told of the files of a folder, less what a whole project only can say."""
    found = ((each.location, each.slug) for each in scanned(folder))
    return {
        (os.path.relpath(place.path, folder), place.line, slug)
        for place, slug in found
        if place is not None and place.path.startswith(str(folder)) and slug not in {"label-never-used", "use-without-label"}
    }


def not_told(files: Mapping[str, str], found: Told) -> list[tuple[str, int]]:
    """Give the marked lines of which nothing is told, neither there nor of their file as a whole."""
    unseen = {file for file, _, slug in found if slug in NOT_SEEN}
    lines = {(file, line) for file, line, _ in found}
    marked = ((file, line) for file, text in files.items() for line, code in enumerate(text.split("\n"), 1) if code.endswith(MARK))
    return [mark for mark in marked if mark not in lines and mark[0] not in unseen]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_that_is_made_to_break_a_scan_does_not_and_its_uses_are_told(name: str, tmp_path: Path) -> None:
    files = PROGRAMS[name]

    assert not_told(files, told(written(tmp_path, files))) == []


BAD_USE = f"{GATE}{CHECK}\n"
DENIED = ("a.py", 4, "undeclared-purpose")
UNPARSABLE = ("a.py", 1, "unparsable")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(b"\xef\xbb\xbf" + BAD_USE.encode(), DENIED, id="byte order mark"),
        pytest.param(b"\xef\xbb\xbf# coding: utf-8\n" + BAD_USE.encode(), ("a.py", 5, "undeclared-purpose"), id="mark and cookie"),
        pytest.param(b"\xef\xbb\xbf# coding: latin-1\n" + BAD_USE.encode(), UNPARSABLE, id="mark against cookie"),
        pytest.param(b'"\xe9"\n' + BAD_USE.encode(), UNPARSABLE, id="latin-1 that is not told"),
        pytest.param(f"# coding: nothing\n{BAD_USE}".encode(), UNPARSABLE, id="unknown encoding"),
        pytest.param(f"# coding: hex\n{BAD_USE}".encode(), UNPARSABLE, id="no encoding of text"),
        pytest.param(f"# coding: undefined\n{BAD_USE}".encode(), UNPARSABLE, id="undefined"),
        pytest.param(f"# coding: ascii\n'é'\n{BAD_USE}".encode(), UNPARSABLE, id="more than its encoding"),
        pytest.param(BAD_USE.encode("utf-16"), UNPARSABLE, id="utf-16"),
        pytest.param(BAD_USE.encode("utf-32"), UNPARSABLE, id="utf-32"),
        pytest.param(BAD_USE.encode("utf-16-le"), UNPARSABLE, id="utf-16 without mark"),
        pytest.param(b"# coding: idna\n" + BAD_USE.encode(), ("a.py", 5, "undeclared-purpose"), id="idna"),
        pytest.param(b"# coding: punycode\n" + BAD_USE.encode() * 500, UNPARSABLE, id="punycode"),
        pytest.param(b"\0" + BAD_USE.encode(), UNPARSABLE, id="null byte"),
        pytest.param(f"{GATE}x = '\0'\n{CHECK}\n".encode(), UNPARSABLE, id="null byte in a text"),
        pytest.param(b"\xff\xfe\xfd", UNPARSABLE, id="no text at all"),
        pytest.param(BAD_USE.encode() + b"\x1a", ("a.py", 5, "unparsable"), id="end of file of old"),
        pytest.param(BAD_USE.replace("\n", "\r").encode(), DENIED, id="carriage returns"),
        pytest.param(BAD_USE.replace("\n", "\r\n").encode(), DENIED, id="both"),
        pytest.param(BAD_USE.replace("\n\n", "\r\n\n").encode(), DENIED, id="mixed"),
        pytest.param(f"{GATE}\f{CHECK}\n".encode(), DENIED, id="form feed"),
        pytest.param(f"{GATE.rstrip()}\f\n{CHECK}\f\n".encode(), DENIED, id="form feeds at ends"),
        pytest.param(f"{GATE}if a:\n  \f    {CHECK}\n".encode(), ("a.py", 5, "undeclared-purpose"), id="form feed in an indent"),
        pytest.param(
            f"{GATE}x = '''\v\x1c\x1d\x85\u2028\u2029'''\n{CHECK}\n".encode(),
            ("a.py", 5, "undeclared-purpose"),
            id="what only `splitlines` takes for ends of lines",
        ),
        pytest.param(f"{GATE}{CHECK}".encode(), DENIED, id="no end of the last line"),
        pytest.param(f"{GATE}gate.\\\n  check({CHECK.partition('(')[2]}\n".encode(), DENIED, id="continued lines"),
        pytest.param(
            f"{GATE}gate.\uff43\uff48\uff45\uff43\uff4b({CHECK.partition('(')[2]}\n".encode(), DENIED, id="letters of full width"
        ),
        pytest.param(f"# coding: latin-1\n'\xe9'\n{BAD_USE}".encode("latin-1"), ("a.py", 6, "undeclared-purpose"), id="latin-1"),
        pytest.param(
            f"# coding: shift_jis\n'募集'\n{BAD_USE}".encode("shift_jis"), ("a.py", 6, "undeclared-purpose"), id="shift_jis"
        ),
        pytest.param(
            f"# coding: unicode_escape\n{GATE}#\\x0a{CHECK}\n".encode(), ("a.py", 6, "undeclared-purpose"), id="hidden in a comment"
        ),
        pytest.param(f"# coding: utf_7\n{GATE}#+AAo-{CHECK}\n".encode(), ("a.py", 6, "undeclared-purpose"), id="hidden by utf-7"),
        pytest.param(b"", None, id="empty"),
        pytest.param(b"\n" * 1_000_000, None, id="a million empty lines"),
    ],
)
def test_bytes_are_read_as_python_reads_them(source: bytes, expected: tuple[str, int, str] | None, tmp_path: Path) -> None:
    found = told(written(tmp_path, {"a.py": source}))

    assert found == (set() if expected is None else {expected})


def test_names_with_halves_of_characters_are_told_and_can_be_printed(tmp_path: Path) -> None:
    code = f'{GATE}gate.check("\\ud800", "\\udfff")\ngate.check("x\\0\\x1b[31m", "send_service_email")\n'

    found = [each for each in scanned(written(tmp_path, {"a.py": code})) if each.slug == "unknown-category"]

    assert [each.location.line for each in found if each.location] == [4, 5]
    assert all(each.message.isprintable() for each in found)


def test_a_file_whose_name_is_no_text_is_scanned(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.py"
    Path(os.fsdecode(path)).write_text(BAD_USE)

    assert {(line, slug) for _, line, slug in told(tmp_path)} == {(4, "undeclared-purpose")}


def test_links_that_lead_in_circles_are_told_and_looked_at_once(tmp_path: Path) -> None:
    written(tmp_path, {"app/a.py": BAD_USE})
    (tmp_path / "app" / "again").symlink_to(tmp_path / "app")
    (tmp_path / "app" / "up").symlink_to("..")
    (tmp_path / "itself").symlink_to("itself")
    (tmp_path / "itself.py").symlink_to("itself.py")
    (tmp_path / "one.py").symlink_to("two.py")
    (tmp_path / "two.py").symlink_to("one.py")
    (tmp_path / "same.py").symlink_to("app/a.py")
    (tmp_path / "nowhere.py").symlink_to("gone.py")

    assert told(tmp_path) == {
        ("same.py", 4, "undeclared-purpose"),
        ("app/again", 1, "symbolic-loop"),
        ("app/up", 1, "symbolic-loop"),
        *((f"{name}.py", 1, "unparsable") for name in ("itself", "one", "two", "nowhere")),
    }


def test_what_is_called_like_a_file_and_is_none_is_told_and_not_waited_for(tmp_path: Path) -> None:
    written(tmp_path, {"a.py": BAD_USE})
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "endless.py").symlink_to("/dev/zero")
    (tmp_path / "folder.py").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        os.chdir(tmp_path)  # the name of a socket must be short
        listening.bind("socket.py")
        os.chdir(ROOT)

        found = told(tmp_path)

    assert found == {DENIED, *((f"{name}.py", 1, "unreadable") for name in ("pipe", "endless", "socket"))}


def test_a_file_that_vanishes_or_changes_meanwhile_is_told(tmp_path: Path) -> None:
    written(tmp_path, {"a.py": BAD_USE, "b.py": BAD_USE})

    def vanish(_: int) -> None:
        (tmp_path / "b.py").unlink(missing_ok=True)

    found = scan([str(tmp_path)], engine_of(SHIPPED), done=vanish).findings

    assert {(Path(each.location.path).name, each.slug) for each in found if each.location} >= {
        ("a.py", "undeclared-purpose"),
        ("b.py", "unparsable"),
    }


def test_a_covered_read_stays_covered_however_many_ways_lead_to_it(tmp_path: Path) -> None:
    helpers = "".join(f"def f{at}(a: Applicant):\n    {ALLOWED}\n    return use(a)\n\n" for at in range(500))
    code = f"{MODEL}{GATE}def use(a: Applicant):\n    return a.email\n\n{helpers}"

    assert told(written(tmp_path, {"a.py": code})) == set()


def test_functions_that_call_each_other_are_covered_by_the_only_way_in(tmp_path: Path) -> None:
    code = (
        f"{MODEL}{GATE}def f(a: Applicant):\n    {ALLOWED}\n    return g(a)\n\n"
        "def g(a: Applicant):\n    h(a)\n    return a.email\n\ndef h(a: Applicant):\n    return g(a)\n"
    )

    assert told(written(tmp_path, {"a.py": code})) == set()
