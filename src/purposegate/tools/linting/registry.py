"""What a lint rule is, and the register of all of them.

A rule's function yields remarks; its slug is the function's name, its severity stands in the decorator, and its page is the
docstring. The page's `Avoid` and `Prefer` blocks are parts of a policy: a test puts each into a small policy, where the one must
give exactly this finding and the other none.
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
    """One rule with its page; `check` is None where the reader, or what reads suppressions, finds it.

    `fixed` tells that `--fix` mends it, without changing any decision; `can_be_ignored` whether a comment may suppress it, which
    no error can be.
    """

    slug: str
    severity: Severity
    page: str = field(repr=False)
    check: Check | None = field(default=None, repr=False)
    fixed: bool = False
    can_be_ignored: bool = True

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
        """A part of a policy in YAML that the rule complains of."""
        return textwrap.dedent(self.page.partition("Avoid:\n")[2].partition("Prefer:\n")[0])

    @property
    def prefer(self) -> str:
        """What to write instead."""
        return textwrap.dedent(self.page.partition("Prefer:\n")[2])


_rules: Final[dict[str, Rule]] = {}


def rule(severity: Severity, *, fixed: bool = False) -> Callable[[Check], Check]:
    """Register a function as a rule; raises `ValueError` where two have one name."""

    def registering(check: Check) -> Check:
        _register(check, severity, check, fixed=fixed)
        return check

    return registering


def page(
    severity: Severity, *, fixed: bool = False, can_be_ignored: bool = True
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register the page of what is found elsewhere; the function has a name and a docstring, and nothing to do."""

    def registering(function: Callable[[], None]) -> Callable[[], None]:
        _register(function, severity, None, fixed=fixed, can_be_ignored=can_be_ignored)
        return function

    return registering


def registered() -> tuple[Rule, ...]:
    """Give all rules whose modules were imported, in the order in which they stand there."""
    return tuple(_rules.values())


def _register(
    function: Callable[..., object], severity: Severity, check: Check | None, *, fixed: bool, can_be_ignored: bool = True
) -> None:
    slug = getattr(function, "__name__", "").replace("_", "-")
    if slug in _rules:
        raise ValueError(f"two rules are called `{slug}`")
    _rules[slug] = Rule(slug, severity, inspect.cleandoc(function.__doc__ or ""), check, fixed, can_be_ignored)
