"""Runs the programs of the battery: each in a world, with everything that comes out of it."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import io
import logging
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from leaks.world import World

from purposegate import DeclarationError, PurposeViolation

LEAKS = Path(__file__).parent
# What a program may be about without this project needing it: where it is not installed, the program is not run.
OPTIONAL = ("attrs", "celery", "fastapi", "httpx", "jinja2", "sqlalchemy", "sqlmodel", "starlette", "structlog")


@dataclass(frozen=True)
class Program:
    """One program, by what stands in its file; it is not run for that.

    `refused` is how it is refused in the protected world (the slug of a reason or of a finding, or the name of Python's exception);
    a program without one comes to its end there, and shows nothing. `reason` says why what it does cannot be blocked.
    """

    path: Path
    sentence: str
    refused: str | None
    reason: str | None

    @property
    def group(self) -> str:
        return self.path.parent.name

    def __str__(self) -> str:
        return f"{self.group}/{self.path.stem}"


@dataclass
class Outcome:
    """What came of a run: how it ended, and everything that came out."""

    ended: str | None = None
    came_out: list[object] = field(default_factory=list)


def programs() -> list[Program]:
    """Give every program, in the order of the tree."""
    return [_read(path) for path in sorted(LEAKS.glob("*/*.py"))]


def run(program: Program, world: World) -> Outcome:
    """Run a program in a world. Raises `ModuleNotFoundError` where it needs what is not installed."""
    outcome = Outcome()
    with _listening(outcome):
        leak = _loaded(program.path, world).leak
        try:
            # In a context of its own: what one program leaves open must not open anything for the next.
            outcome.came_out.append(copy_context().run(leak, world))
        except Exception as error:  # noqa: BLE001 - however a program ends, what came out of it is searched
            outcome.ended = _slug(error)
            outcome.came_out.append(error)
    outcome.came_out.append(world.records())
    return outcome


def _read(path: Path) -> Program:
    tree = ast.parse(path.read_text())
    said = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in ("REFUSED", "REASON")
    }
    return Program(path, ast.get_docstring(tree) or "", said.get("REFUSED"), said.get("REASON"))


def _loaded(path: Path, world: World) -> ModuleType:
    """Load a program, and the people it is about, so that they find what this world has in the library's place."""
    with _in_place(world.modules), _in_place({"leaks.people": _executed(LEAKS / "people.py", world)}):
        return _executed(path, world)


def _executed(path: Path, world: World) -> ModuleType:
    name = f"{world.name}_{path.parent.name}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # and it stays there: what is pickled is looked up by its module
    with _in_place(world.modules):
        spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def _in_place(modules: Mapping[str, ModuleType]) -> Iterator[None]:
    """Put modules in the place of others; what is imported meanwhile stays imported."""
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


@contextlib.contextmanager
def _listening(outcome: Outcome) -> Iterator[None]:
    """Keep what is printed, logged and warned about."""
    printed, heard = io.StringIO(), _Handler()
    root, was = logging.getLogger(), logging.getLogger().level
    root.addHandler(heard)
    root.setLevel(logging.DEBUG)
    try:
        with (
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
            warnings.catch_warnings(record=True) as warned,
        ):
            warnings.simplefilter("always")
            yield
    finally:
        root.removeHandler(heard)
        root.setLevel(was)
    outcome.came_out += [printed.getvalue(), heard.texts, [str(each.message) for each in warned]]


class _Handler(logging.Handler):
    """Formats every record, as a log file would show it, and keeps what it carries."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.texts: list[object] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts += [self.format(record), repr(record.__dict__)]


def _slug(error: Exception) -> str:
    if isinstance(error, PurposeViolation):
        return error.decision.reason.value
    if isinstance(error, DeclarationError):
        return error.findings[0].slug
    return type(error).__name__
