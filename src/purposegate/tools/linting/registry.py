"""What a rule is, and the registers of all of them: that of lint is here, that of scan in `scanning.kinds`.

A rule's function yields remarks; its slug is the function's name, its severity stands in the decorator, and its page is the
docstring. The page's `Avoid` and `Prefer` blocks are parts of a policy: a test puts each into a small policy, where the one must
give exactly this finding and the other none. A page without a function is of what is found elsewhere.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from purposegate.engine.judge import Engine
from purposegate.findings import Location, Severity
from purposegate.policy.document import Document
from purposegate.policy.policy import Policy
from purposegate.policy.prose import Prose
from purposegate.tools.usable import Usable


class Item(NamedTuple):
    """An item of a list, by the section, then keys and indexes, its own last."""

    path: tuple[str | int, ...]


class Comment(NamedTuple):
    """A comment, by its packed position."""

    at: int


# What may be struck out of a policy without changing any decision.
Strike = Item | Comment


class Remark(NamedTuple):
    """What a rule says of a place, and what `--fix` may strike out."""

    message: str
    place: Location | None
    help: str | None = None
    strike: Strike | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule looks at: a policy in order, its judge, its prose, and what of it is good for something."""

    engine: Engine
    document: Document
    prose: Prose
    usable: Usable

    @property
    def policy(self) -> Policy:
        """The policy as it was resolved."""
        return self.engine.policy


Check = Callable[[Subject], Iterator[Remark]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule with its page; `check` is None where something else finds it, as the reader does or what reads suppressions.

    `fixed` tells that `--fix` mends it, without changing any decision; `can_be_ignored` whether a comment may suppress it, which
    no error of a policy can be; `language` in what its page's examples are written.
    """

    slug: str
    severity: Severity
    page: str = field(repr=False)
    check: Check | None = field(default=None, repr=False)
    fixed: bool = False
    can_be_ignored: bool = True
    language: str = "yaml"

    @property
    def does(self) -> str:
        """The page's first sentence: what is flagged."""
        return self.page.partition("\n\n")[0].replace("\n", " ")

    @property
    def why(self) -> str:
        """Why it matters, in one paragraph."""
        return self.page.partition("Why: ")[2].partition("\n\n")[0].replace("\n", " ")

    @property
    def avoid(self) -> str:
        """A part of a policy, or of code, that the rule complains of."""
        return textwrap.dedent(self.page.partition("Avoid:\n")[2].partition("Prefer:\n")[0])

    @property
    def prefer(self) -> str:
        """What to write instead."""
        return textwrap.dedent(self.page.partition("Prefer:\n")[2])


class Register:
    """All rules of one tool, by their slugs; two tools may find what has the same name in both."""

    def __init__(self, tool: str, language: str) -> None:
        """Begin with none; `language` is that of the examples."""
        self.tool = tool
        self.language = language
        self._rules: dict[str, Rule] = {}

    def rule(self, severity: Severity, *, fixed: bool = False) -> Callable[[Check], Check]:
        """Register a function as a rule; raises `ValueError` where two have one name."""

        def registering(check: Check) -> Check:
            self._add(check, severity, check, fixed=fixed)
            return check

        return registering

    def page(
        self, severity: Severity, *, fixed: bool = False, can_be_ignored: bool = True
    ) -> Callable[[Callable[[], None]], Callable[[], None]]:
        """Register the page of what is found elsewhere; the function has a name and a docstring, and nothing to do."""

        def registering(function: Callable[[], None]) -> Callable[[], None]:
            self._add(function, severity, None, fixed=fixed, can_be_ignored=can_be_ignored)
            return function

        return registering

    def registered(self) -> tuple[Rule, ...]:
        """Give all rules whose modules were imported, in the order in which they stand there."""
        return tuple(self._rules.values())

    def _add(
        self,
        function: Callable[..., object],
        severity: Severity,
        check: Check | None,
        *,
        fixed: bool,
        can_be_ignored: bool = True,
    ) -> None:
        slug = getattr(function, "__name__", "").replace("_", "-")
        if slug in self._rules:
            raise ValueError(f"two rules are called `{slug}`")
        text = inspect.cleandoc(function.__doc__ or "")
        self._rules[slug] = Rule(slug, severity, text, check, fixed, can_be_ignored, self.language)


_LINT: Final = Register("lint", "yaml")
rule = _LINT.rule
page = _LINT.page
registered = _LINT.registered
