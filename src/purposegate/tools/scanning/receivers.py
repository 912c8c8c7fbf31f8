"""Run as a program of its own: let mypy tell the class of what an attribute is read from.

`python -P -m purposegate.tools.scanning.receivers` reads one request as JSON from its standard input and writes one answer, as
`precise` does it. It asks mypy's build for the type of every expression (`export_types`), and looks up the very nodes that were
asked about: nothing is put into anybody's file or a copy of it, and no message is read.

Two other ways were tried on mypy 2.4.1. A plugin's `get_attribute_hook` is called for nothing that mypy's cache knows (0 of 23
reads in the second run), nor where a class lacks the attribute. `reveal_type(...)` written around the receivers told all 23, but
as sentences (`tuple[str, fallback=models.Row]`, `def (**kw: Any) -> rows.Account`), and it needs a copy of the whole project.

Nothing of the project runs: its mypy plugins are left out, and so is the interpreter that its configuration names, since mypy
would start both.
"""

from __future__ import annotations

import ast
import io
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Final, NamedTuple, TypedDict, TypeGuard

from mypy.build import BuildResult, build
from mypy.errors import CompileError
from mypy.find_sources import InvalidSourceList, create_source_list
from mypy.inspections import find_all_by_location
from mypy.main import process_options
from mypy.modulefinder import BuildSource
from mypy.nodes import MemberExpr, MypyFile, Node, TypeInfo
from mypy.options import Options
from mypy.types import (
    CallableType,
    Instance,
    LiteralType,
    NoneType,
    Overloaded,
    ProperType,
    TupleType,
    Type,
    TypedDictType,
    TypeType,
    TypeVarType,
    UnionType,
    get_proper_type,
)

# A file that mypy cannot read is taken for an empty one; each costs a run, so there is an end to that.
_UNREAD_AT_MOST: Final = 20


_OPTIONS: Final[Mapping[str, object]] = {
    "check_untyped_defs": True,
    "ignore_errors": False,
    # mypy's newer parser counts the columns behind a character beyond ASCII wrongly (2.4.1).
    "native_parser": False,
    # Nothing of the project runs, and nothing is written beside the cache.
    "num_workers": 0,
    "plugins": [],
    "python_executable": sys.executable,
    "report_dirs": {},
}


class Read(NamedTuple):
    """An attribute that is read: its name, and where that ends (lines from 1, columns from 0 in bytes).

    The end alone names an expression; where it starts, mypy does not know inside an f-string.
    """

    path: str
    line: int
    column: int
    name: str


class Request(TypedDict):
    """What is asked: the files that make up the project, the reads, and with which configuration and cache of mypy's."""

    files: list[str]
    reads: list[Read]
    config: str | None
    cache: str


class Answer(TypedDict):
    """For each read the classes that its receiver may be of, empty where that can't be told; and the files that mypy can't read."""

    classes: list[list[str]]
    unread: list[str]


def answered(request: Request) -> Answer:
    """Tell the classes of all receivers that are asked about."""
    reads = [Read(*read) for read in request["reads"]]
    options = _options(request["config"], request["cache"])
    texts = {path: Path(path).read_text("utf-8-sig") for path in sorted({read.path for read in reads})}
    found: dict[Read, tuple[str, ...]] = {}
    unread: set[str] = set()
    for sources in _groups(request["files"], options):
        asked = [source for source in sources if source.path in texts]
        _emptied(sources, unread)
        if not asked or _built(sources, options, unread) is None:
            continue
        for source in asked:  # a source with a text is checked, also where the cache knows it: only so there are types
            source.text = texts[str(source.path)] if source.text is None else source.text
        built = _built(sources, _with_types(options), unread)
        if built is not None:
            found |= _classes(built, {source.module for source in asked}, reads)
    return {"classes": [list(found.get(read, ())) for read in reads], "unread": sorted(unread)}


def _options(config: str | None, cache: str) -> Options:
    arguments = ["--config-file", config or "", "--cache-dir", cache, "-c", ""]
    _, options = process_options(arguments, stdout=io.StringIO(), stderr=io.StringIO())
    for option, value in _OPTIONS.items():
        if hasattr(options, option):  # not every version of mypy has all
            setattr(options, option, value)
    return options


def _with_types(options: Options) -> Options:
    """Keep types and trees, which has mypy check also the bodies of libraries that its cache does not hold: five times as long."""
    typed = copy(options)
    typed.export_types = typed.preserve_asts = True
    return typed


def _groups(files: Sequence[str], options: Options) -> list[list[BuildSource]]:
    """Part the files so that no two of a group have one module name, as two scripts called `main.py` do; folders stay together."""
    by_folder: dict[str, list[BuildSource]] = defaultdict(list)
    for file in files:
        try:
            (source,) = create_source_list([file], options)
        except InvalidSourceList:
            source = BuildSource(file, None)  # its name, or a folder's, is no identifier: nothing can import it
        by_folder[source.base_dir or f"\0{file}"].append(source)
    groups: list[list[BuildSource]] = []
    for sources in by_folder.values():
        names = {source.module for source in sources}
        group = next((each for each in groups if names.isdisjoint(source.module for source in each)), None)
        if group is None:
            groups.append(sources)
        else:
            group += sources
    return groups


def _emptied(sources: Iterable[BuildSource], unread: set[str]) -> None:
    """Take a file that is no Python for an empty one at once: mypy would find it only after it has read all that is imported."""
    for source in sources:
        try:
            ast.parse(Path(str(source.path)).read_bytes())
        except (OSError, SyntaxError, ValueError):
            source.text = ""
            unread.add(str(source.path))


def _built(sources: list[BuildSource], options: Options, unread: set[str]) -> BuildResult | None:
    """Check a group; what keeps mypy from checking anything is emptied, and so the rest can be told."""
    for _ in range(_UNREAD_AT_MOST):
        try:
            return build(sources, options, stdout=io.StringIO(), stderr=io.StringIO())
        except CompileError as error:
            module = error.module_with_blocker
            blocking = next((each for each in sources if each.module == module), None)
            if module is None or (blocking is not None and blocking.text == ""):
                break
            if blocking is None:  # something imported that is none of the project's files
                sources.append(BuildSource(None, module, ""))
                continue
            unread.add(str(blocking.path))
            blocking.text = ""
    unread.update(str(source.path) for source in sources if source.text != "")
    return None


def _classes(built: BuildResult, modules: Iterable[str], reads: Iterable[Read]) -> dict[Read, tuple[str, ...]]:
    heirs = _heirs(built.files.values())
    trees = {tree.path: tree for tree in (built.files[module] for module in modules if module in built.files)}
    found: dict[Read, tuple[str, ...]] = {}
    for read in reads:
        if read.path not in trees:
            continue
        for node in find_all_by_location(trees[read.path], read.line, read.column):
            if _is(node, read) and node.expr in built.types:
                found[read] = _owners(built.types[node.expr], read.name, heirs)
    return found


def _is(node: Node, read: Read) -> TypeGuard[MemberExpr]:
    there = (node.end_line, node.end_column) == (read.line, read.column)
    return there and isinstance(node, MemberExpr) and node.name == read.name


def _heirs(trees: Iterable[MypyFile]) -> Mapping[TypeInfo, Sequence[TypeInfo]]:
    """List the classes under each class."""
    heirs: dict[TypeInfo, list[TypeInfo]] = defaultdict(list)
    for tree in trees:
        for _, symbol, _ in tree.local_definitions():
            if isinstance(symbol.node, TypeInfo):
                for above in symbol.node.mro[1:-1]:
                    heirs[above].append(symbol.node)
    return heirs


def _owners(kind: Type, name: str, heirs: Mapping[TypeInfo, Sequence[TypeInfo]]) -> tuple[str, ...]:
    """Name the classes that declare the attribute of a receiver; none where anything about it can't be told.

    An object of a class may be one of a class under it, which declares the attribute anew and perhaps with a label: those are named
    too. A protocol tells nothing, since any class may fit it.
    """
    owners: dict[str, None] = {}
    for info in _infos(get_proper_type(kind)):
        declaring = None if info is None or info.is_protocol else _declaring(info, name)
        if info is None or declaring is None or declaring.is_protocol:
            return ()
        owners |= dict.fromkeys([declaring.fullname, *(heir.fullname for heir in heirs.get(info, ()) if name in heir.names)])
    return tuple(owners)


def _declaring(info: TypeInfo, name: str) -> TypeInfo | None:
    return next((each for each in info.mro if name in each.names), None)


def _infos(kind: ProperType) -> Iterator[TypeInfo | None]:
    """Give the classes that a type consists of, and None for a part that is no class; `None` itself has no attributes to read."""
    match kind:
        case NoneType():
            return
        case UnionType() | Overloaded():
            for item in kind.items:
                yield from _infos(get_proper_type(item))
        case TypeType():
            yield from _infos(kind.item)
        case TypeVarType():
            yield from map(_only, map(get_proper_type, kind.values or [kind.upper_bound]))
        case CallableType() if kind.is_type_obj():
            yield kind.type_object()
        case CallableType() | LiteralType() | TypedDictType():
            yield kind.fallback.type
        case _:
            yield _only(kind.partial_fallback if isinstance(kind, TupleType) else kind)


def _only(kind: ProperType) -> TypeInfo | None:
    return kind.type if isinstance(kind, Instance) else None


if __name__ == "__main__":
    json.dump(answered(json.load(sys.stdin)), sys.stdout)
