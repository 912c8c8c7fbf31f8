"""One Python file as it is written: its lines, its comments, and in which statement and function a place stands."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Final

from purposegate.findings import Location, excerpt
from purposegate.policy.characters import without_forbidden
from purposegate.policy.comments import Comment
from purposegate.tools.ignoring import Reach, may_suppress

_SCOPES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Written:
    """A file's text; what needs its tree is told as if it had none where it is no Python."""

    def __init__(self, path: str, text: str) -> None:
        """Take a text whose lines end as Python's do."""
        self.path = path
        self.text = text
        self._shown: dict[int, str] = {}

    @classmethod
    def at(cls, path: str) -> Written:
        """Read a file; one that cannot be read is empty, and what looks at its code will say so."""
        try:
            return cls(path, _decoded(Path(path).read_bytes()))
        except (OSError, ValueError):
            return cls(path, "")

    def excerpt(self, place: Location) -> str | None:
        """Show the line of a place; None where there is no such line."""
        if place.line > len(self._lines) or not self.text:
            return None
        if place.line not in self._shown:
            self._shown[place.line] = without_forbidden(self._lines[place.line - 1])
        return excerpt(self._shown[place.line], place)

    def comments(self) -> tuple[Comment, ...]:
        """Give the comments in order; none of a file that Python's own tokenizer refuses, or that has none to suppress anything."""
        if not may_suppress(self.text):
            return ()
        try:
            return tuple(self._comments())
        except (tokenize.TokenError, SyntaxError, ValueError):
            return ()

    def reach(self, place: Location) -> Reach:
        """Tell from where a comment reaches what was found at a place.

        That is: beside its line, or the last line of an expression that begins there; alone above its line, or above the
        statement that it stands in.
        """
        beside = {place.line, *self._ends.get((place.line, place.column), ())}
        statement = self._innermost.get(place.line)
        above = {place.line} if statement is None else {place.line, statement.lineno, _first_line(statement)}
        return Reach(frozenset(beside), frozenset(above))

    def scope(self, place: Location) -> str:
        """Give the dotted name of the function or class that a place stands in; empty at the top."""
        return self._scope_names.get(place.line, "")

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def _tree(self) -> ast.Module:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of escapes in the file that is read
                return ast.parse(self.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ast.Module([], [])

    @cached_property
    def _statements(self) -> list[ast.stmt]:
        return [node for node in ast.walk(self._tree) if isinstance(node, ast.stmt)]

    @cached_property
    def _scopes(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
        """Functions and classes, those around before those within."""
        return [node for node in self._statements if isinstance(node, _SCOPES)]

    @cached_property
    def _ends(self) -> dict[tuple[int, int], set[int]]:
        """The last lines of the expressions that begin at a place and end on another line."""
        found: dict[tuple[int, int], set[int]] = {}
        for node in ast.walk(self._tree):
            if isinstance(node, ast.expr) and node.end_lineno is not None and node.end_lineno > node.lineno:
                before = self._lines[node.lineno - 1].encode(errors="surrogatepass")[: node.col_offset]
                column = len(before.decode(errors="surrogatepass")) + 1
                found.setdefault((node.lineno, column), set()).add(node.end_lineno)
        return found

    @cached_property
    def _innermost(self) -> dict[int, ast.stmt]:
        """Give for each line the innermost statement that it belongs to, which begins last of those around it."""
        found: dict[int, ast.stmt] = {}
        spans = [(_first_line(each), each.end_lineno or each.lineno, each) for each in self._statements]
        for first, last, statement in sorted(spans, key=lambda span: (-span[0], span[1])):
            for line in range(first, last + 1):
                found.setdefault(line, statement)
        return found

    @cached_property
    def _scope_names(self) -> dict[int, str]:
        """Give for each line the dotted name of what it stands in, outermost first."""
        found: dict[int, str] = {}
        for each in self._scopes:
            for line in range(_first_line(each), (each.end_lineno or each.lineno) + 1):
                found[line] = f"{found[line]}.{each.name}" if line in found else each.name
        return found

    def _comments(self) -> Iterator[Comment]:
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                line, column = token.start
                yield Comment(token.string, (line - 1) << 32 | column, alone=not token.line[:column].strip())


def _first_line(statement: ast.stmt) -> int:
    """Give the line on which a statement begins with its decorators."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(each.lineno for each in decorators)])


def _decoded(data: bytes) -> str:
    """Decode as a file says; one that names no encoding of text, or one that refuses it whatever is done, as UTF-8."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        with io.TextIOWrapper(io.BytesIO(data), encoding, errors="replace") as text:
            return text.read()
    except (SyntaxError, LookupError, ValueError):
        with io.TextIOWrapper(io.BytesIO(data), "utf-8", errors="replace") as text:
            return text.read()
