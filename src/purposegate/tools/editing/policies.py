"""A policy as it is being typed: what is wrong with it, what is said of the words in it, and what may be typed in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path as FilePath
from typing import Any, Final, get_args

from pydantic import BaseModel

from purposegate.engine.judge import Engine
from purposegate.errors import PolicyError
from purposegate.findings import Finding
from purposegate.policy.document import Document
from purposegate.policy.files import Files
from purposegate.policy.inspection import inspect_bytes
from purposegate.policy.markup import decode
from purposegate.policy.prose import fold
from purposegate.policy.terms import ANY, Role, ShownBy
from purposegate.tools.editing.answers import Known, Said, Suggestion, Target, about, quoted, said
from purposegate.tools.editing.outline import Outline, Path, Word
from purposegate.tools.editing.positions import Page, Span, Spot
from purposegate.tools.lint import examine, rule_of
from purposegate.tools.linting.entries import NAMED, granting
from purposegate.tools.vocabulary import vocabulary

# Under which key names of which section stand, wherever the key is (DESIGN §3).
_NAMING: Final = {
    "data": "categories",
    "purposes": "purposes",
    "recipients": "recipients",
    "channels": "channels",
    "conditions": "conditions",
    "unless": "conditions",
    "controller": "recipients",
}
_WITHOUT_ANY: Final = frozenset({"conditions", "unless", "controller"})
_WORDS: Final = {
    "role": tuple(role.value for role in Role),
    "shown_by": tuple(shown_by.value for shown_by in ShownBy),
    "silence": ("accepts", "never"),
    "provision_only": ("true", "false"),
}
_BEGINS: Final = re.compile(r"^purposegate[ ]*:", re.MULTILINE)
_SLUG: Final = re.compile(r"#\s*purposegate:\s*ignore\[([^\]]*)")
_TOKEN: Final = re.compile(r"\S+")


def is_policy(text: str) -> bool:
    """Tell whether a text is meant to be a policy: some line of it begins as the first line of one does."""
    return _BEGINS.search(text) is not None


def examined(page: Page) -> tuple[tuple[Finding, ...], Known | None]:
    """Look at a policy's text as `purposegate lint` looks at the file; the prose beside it is read from disk."""
    loaded = inspect_bytes(page.text.encode("utf-8", "surrogatepass"), page.path, Files())
    findings = examine(loaded).findings
    if loaded.policy is None or loaded.document is None or loaded.prose is None:
        return findings, None
    try:
        engine = Engine(loaded.policy)
    except PolicyError:
        return findings, None  # the findings say it
    prose_path = FilePath(page.path).parent / loaded.policy.prose
    data, _ = Files().read(prose_path, "the prose")
    published, _ = decode(data or b"", str(prose_path))
    words = vocabulary(engine, loaded.document)
    return findings, Known(engine, loaded.document, words, loaded.prose, published or "", str(prose_path), page.text)


class Typed:
    """A policy's text with the last state of it that could be read, if there was one."""

    def __init__(self, page: Page, known: Known | None) -> None:
        """Outline the text."""
        self.page = page
        self.known = known
        self.outline = Outline(page)

    def said(self, spot: Spot, now: datetime) -> Said | None:
        """Tell of the name, clause, quote, key or suppressed rule at a spot."""
        slug = self._slug(spot)
        if slug is not None:
            return slug
        word = self.outline.word(spot)
        if word is None:
            return None
        section = _section(word)
        if section is not None:
            text = about(self.known, section, word.text, now) if self.known else None
        elif word.is_key:
            text = next((each.about for each in _keys(word.path[:-1]) if each.text == word.text), None)
        else:
            text = self._cited(word)
        return None if text is None else Said(text, word.span)

    def target(self, spot: Spot) -> Target | None:
        """Tell where the name at a spot is declared in this text, or where a quote stands in the published one."""
        word = self.outline.word(spot)
        if word is None:
            return None
        section = _section(word)
        if section is not None:
            declared = self.outline.declared(section).get(word.text)
            return None if declared is None else Target(self.page.path, declared)
        quote = self._quote_of(word)
        return self.published(quote.text, self._clause_of(quote)) if quote is not None else None

    def declaration(self, section: str, name: str) -> Target | None:
        """Tell where a name is declared in this text."""
        span = self.outline.declared(section).get(name)
        return None if span is None else Target(self.page.path, span)

    def published(self, quote: str, clause: str | None) -> Target | None:
        """Tell where a quote stands in the published text, in the article of its clause if it stands there."""
        at = self.known.prose.find(quote, clause) if self.known else None
        if self.known is None or at is None:
            return None
        # Folding a text leaves its words in order, with one blank between two.
        before = self.known.prose.text.count(" ", 0, at)
        last = before + fold(quote).count(" ")
        words = [found.span() for found in _TOKEN.finditer(self.known.published)]
        if last >= len(words):
            return None
        published = Page(self.known.prose_path, self.known.published)
        return Target(published.path, Span(_spot(published.text, words[before][0]), _spot(published.text, words[last][1])))

    def suggestions(self, spot: Spot) -> tuple[Suggestion, ...]:
        """Give what may be typed at a spot."""
        word = self.page.word(spot)
        beside = self.outline.mapping(word.start)
        if beside is not None and _model(beside) is not None:
            there = {each.path[-1] for each in self.outline.words if each.is_key and each.path[:-1] == beside and each.span != word}
            return tuple(each for each in _keys(beside) if each.text not in there)
        path = self.outline.at(word.start)
        key = next((part for part in reversed(path) if isinstance(part, str)), None)
        if key in _WORDS:
            return tuple(Suggestion(each) for each in _WORDS[key])
        if key == "exempt":
            return tuple(self._clauses())
        section = path[0] if key == "parent" and path[0] in NAMED else _NAMING.get(key or "")
        if section is None or len(path) == 1:
            return ()
        return tuple(self._names(str(section), path, key or ""))

    def _names(self, section: str, path: Path, key: str) -> Iterator[Suggestion]:
        known = self.known.names(section) if self.known else {}
        # A name lies under another one; in a list it stands once.
        own = path[1] if key == "parent" else None
        in_a_list = isinstance(path[-1], int)
        listed = {each.text for each in self.outline.values(path[:-1]) if each.path != path} if in_a_list else set()
        for rank, name in enumerate(self.outline.declared(section)):
            if name != own and name not in listed:
                word = known.get(name)
                yield Suggestion(name, word.lines[0] if word else "", said(word) if word else "", rank)
        if key not in _WITHOUT_ANY and key != "parent" and not in_a_list:
            yield Suggestion(ANY, "everything, also what is declared later", rank=100_000)

    def _clauses(self) -> Iterator[Suggestion]:
        rules = ("uses", "provisions", "exceptions")
        cited = [each for each in self.outline.words if each.path[0] in rules and each.path[-1] == "clause" and not each.is_key]
        for rank, clause in enumerate(dict.fromkeys(word.text for word in cited)):
            yield Suggestion(clause, "a clause that a rule cites", rank=rank)

    def _slug(self, spot: Spot) -> Said | None:
        line = self.page.line(spot.line)
        comment = _SLUG.search(line)
        span = self.page.word(spot, r"a-z0-9-")
        if comment is None or not comment.start(1) <= span.start.column <= span.end.column <= comment.end(1):
            return None
        rule = rule_of(self.page.shown(span))
        return None if rule is None else Said(f"**{rule.slug}** ({rule.severity})\n\n{rule.does}\n\nWhy: {rule.why}", span)

    def _cited(self, word: Word) -> str | None:
        """Tell of a clause what cites it, and of a quote where it is published."""
        if self.known is None:
            return None
        if word.path[-1] == "quote":
            target = self.published(word.text, self._clause_of(word))
            if target is None:
                return "The quote does not stand in the published text."
            return f"Published in `{FilePath(target.path).name}`, line {target.span.start.line + 1}."
        if word.path[-1] == "clause" or (len(word.path) > 1 and word.path[-2] == "exempt"):
            return _citing(self.known, word.text)
        return None

    def _quote_of(self, word: Word) -> Word | None:
        """Give the quote of the entry in which a clause or quote stands."""
        if not {"clause", "quote"} & {word.path[-1]}:
            return None
        return next((each for each in self.outline.values((*word.path[:-1], "quote"))), None)

    def _clause_of(self, word: Word) -> str | None:
        return next((each.text for each in self.outline.values((*word.path[:-1], "clause"))), None)


def _section(word: Word) -> str | None:
    """Tell of which section a word is a name; None where it is none."""
    section = str(word.path[0])
    if word.is_key:
        return section if section in NAMED and len(word.path) == 2 else None  # noqa: PLR2004 - a section and a name
    key = next((part for part in reversed(word.path) if isinstance(part, str)), None)
    if key == "parent" and section in NAMED:
        return section
    return _NAMING.get(key or "") if len(word.path) > 1 and word.text != ANY else None


def _citing(known: Known, clause: str) -> str | None:
    document = known.document
    entries = [(name, entry) for section in NAMED for name, entry in getattr(document, section).items()]
    lines = [f"- {name}: {quoted(None, entry.quote)}" for name, entry in entries if entry.clause == clause and entry.quote]
    rules = [f"- {section}: {quoted(None, entry.quote)}" for section, _, entry in granting(document) if entry.clause == clause]
    return "\n".join([f"What cites clause {clause}:", "", *rules, *lines]) if rules or lines else None


def _keys(path: Path) -> Iterator[Suggestion]:
    """Yield the keys that a mapping of the format may have, with what each is for."""
    model = _model(path)
    for rank, (name, field) in enumerate(model.model_fields.items() if model else ()):
        needed = "required" if field.is_required() else "may be left out"
        yield Suggestion(field.alias or name, needed, field.description or "", rank)


def _model(path: Path) -> type[BaseModel] | None:
    """Give the model of the mapping at a path; None where a mapping of names stands there, or no mapping at all."""
    model: type[BaseModel] | None = Document
    inside = False  # a section of which an entry is still to be named
    for part in path:
        if model is None:
            return None
        if inside:
            inside = False
            continue
        field = next((field for name, field in model.model_fields.items() if (field.alias or name) == part), None)
        if field is None:
            return None
        model = _inner(field.annotation)
        inside = getattr(field.annotation, "__origin__", None) in (dict, tuple)
    return None if inside else model


def _inner(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - whatever a field is annotated with
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := _inner(each)) is not None), None)


def _spot(text: str, index: int) -> Spot:
    before = Page("", text[:index]).lines
    return Spot(len(before) - 1, len(before[-1]))
