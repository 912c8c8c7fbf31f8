"""What an editor is told of a name: what the policy's clauses say of it, and what the judge permits with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple

from purposegate.engine.judge import Engine
from purposegate.engine.use import Context, Use
from purposegate.findings import listed
from purposegate.policy.document import Document
from purposegate.policy.hierarchy import Hierarchy
from purposegate.policy.policy import Policy
from purposegate.policy.prose import Prose
from purposegate.policy.terms import Role
from purposegate.tools.editing.positions import Span
from purposegate.tools.vocabulary import Vocabulary, Word

# The sections of names, in the order of a vocabulary's groups, and what people call one of each.
SECTIONS: Final = {
    "categories": "data category",
    "purposes": "purpose",
    "recipients": "recipient",
    "channels": "channel",
    "conditions": "condition",
    "objections": "objection",
}
# An editor shows as much as somebody reads, and waits for no more questions to the judge than it takes a moment to answer.
_NAMES_SHOWN: Final = 8
_ROWS_SHOWN: Final = 12
_QUESTIONS: Final = 20_000
# Code spans of names stay as they are; whatever else means something to Markdown is meant as it stands.
_MARKDOWN: Final = re.compile(r"(`[\w/.-]+`)|([\\`*_{}\[\]<>#|~!])")


class Known(NamedTuple):
    """A policy that could be read, tested and used, with the text that it was read from.

    `published` is the text of its prose as it stands in the file `prose_path`.
    """

    engine: Engine
    document: Document
    vocabulary: Vocabulary
    prose: Prose
    published: str
    prose_path: str
    text: str

    def names(self, section: str) -> dict[str, Word]:
        """Give the names of a section with what there is to say of each."""
        return {word.name: word for word in self.vocabulary.groups[list(SECTIONS).index(section)]}


class Suggestion(NamedTuple):
    """What may be typed, best first by `rank`: `detail` is one line, `about` Markdown."""

    text: str
    detail: str = ""
    about: str = ""
    rank: int = 0


class Said(NamedTuple):
    """What is shown of a stretch of text, as Markdown."""

    about: str
    span: Span


class Target(NamedTuple):
    """Where something is declared or published; in another file, as the file stands on disk or in the editor."""

    path: str
    span: Span


def about(known: Known, section: str, name: str, at: datetime) -> str | None:
    """Tell of a name; None where the policy does not know it. `at` is the instant for which the judge is asked."""
    declared, slash, _ = name.partition("/")
    word = known.names(section).get(declared)
    if word is None or (slash and known.engine.class_of(name) is None):
        return None
    title = f"**`{name}`**: {SECTIONS[section]} of `{known.engine.policy.id}`, revision {_plain(known.engine.policy.revision)}"
    return "\n".join([title, "", said(word), *_reached(known.engine, section, declared, at)])


def said(word: Word) -> str:
    """Write what a policy's clauses say of a name as a list."""
    return "\n".join(f"- {_plain(line)}" for line in word.lines)


def quoted(clause: str | None, quote: str) -> str:
    """Write a quote with its clause."""
    return _plain(f"Clause {clause}: “{quote}”" if clause else f"“{quote}”")


def asked_at(engine: Engine, now: datetime) -> datetime:
    """Give the instant for which the judge is asked: now, or the policy's first day where that is still to come."""
    begins = engine.policy.in_force_from
    return now if begins is None else max(now, begins)


def ranked(known: Known, section: str, given: Mapping[str, str], now: datetime) -> Iterator[Suggestion]:
    """Yield the names of a section, first those with which what is `given` would be permitted.

    `given` are the names that stand in the call already, by their section. Conditions may still have to be shown.
    """
    permitted, shown = _permitted(known.engine, section, given, asked_at(known.engine, now))
    for rank, word in enumerate(known.names(section).values()):
        detail = word.lines[0] if word.lines else ""
        if permitted is None or word.name in permitted:
            yield Suggestion(word.name, detail, said(word), rank)
        elif shown is not None and word.name in shown:
            yield Suggestion(word.name, f"once conditions are shown: {detail}", said(word), 100_000 + rank)
        else:
            yield Suggestion(word.name, f"not permitted here: {detail}", said(word), 200_000 + rank)


def _permitted(
    engine: Engine, section: str, given: Mapping[str, str], at: datetime
) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    """Give the names that are permitted as things stand, and with all conditions shown; None where that is not told."""
    policy = engine.policy
    category, purpose, recipient = given.get("categories"), given.get("purposes"), given.get("recipients")
    if any(name not in getattr(policy, part) for part, name in given.items() if part in ("categories", "purposes")):
        return None, None
    if recipient is not None and engine.class_of(recipient) is None:
        return None, None
    answers = []
    for context in _contexts(engine, at):
        if section == "purposes" and category is not None:
            answers.append(frozenset(engine.permitted_purposes(category, recipient, context)))
        elif section == "categories" and purpose is not None:
            answers.append(frozenset(engine.permitted_categories(purpose, recipient, context)))
        elif section == "recipients" and category is not None and purpose is not None:
            answers.append(frozenset(engine.permitted_recipients(category, purpose, context)))
        elif section == "channels" and None not in (category, purpose):
            answers.append(_channels(engine, Use(category or "", purpose or "", recipient), context))
        else:
            return None, None
    return answers[0], answers[1]


def _channels(engine: Engine, use: Use, context: Context) -> frozenset[str]:
    uses = {name: Use(use.data_category, use.purpose, use.recipient, channel=name) for name in engine.policy.channels}
    return frozenset(name for name, each in uses.items() if engine.decide(each, context))


def _contexts(engine: Engine, at: datetime) -> tuple[Context, Context]:
    return Context(at), Context(at, frozenset(engine.policy.conditions))


def _reached(engine: Engine, section: str, name: str, now: datetime) -> Iterator[str]:
    policy = engine.policy
    asked = {
        "categories": (policy.purposes, policy.recipients),
        "purposes": (policy.categories, policy.recipients),
        "recipients": (policy.categories, policy.purposes),
    }.get(section)
    if asked is None or len(asked[0]) * len(asked[1]) > _QUESTIONS:
        return
    plainly, with_conditions = (_table(engine, section, name, context) for context in _contexts(engine, asked_at(engine, now)))
    more = {each: tuple(one for one in names if one not in plainly[each]) for each, names in with_conditions.items()}
    heading = _heading(policy, section, name)
    yield from _listed(heading, plainly, asked[0], section)
    yield from _listed(f"{heading} once conditions are shown", more, asked[0], section)


def _heading(policy: Policy, section: str, name: str) -> str:
    if section == "recipients":
        return "It may use" if policy.role(name) is Role.CONTROLLER else "It may receive"
    return "Who may use it" if section == "categories" else "Who may use what for it"


def _table(engine: Engine, section: str, name: str, context: Context) -> dict[str, tuple[str, ...]]:
    """Ask the judge of everything that a name can be used with: by recipient, or of a recipient by purpose."""
    policy = engine.policy
    if section == "categories":
        return {each: engine.permitted_purposes(name, each, context) for each in policy.recipients}
    if section == "purposes":
        return {each: engine.permitted_categories(name, each, context) for each in policy.recipients}
    return {each: engine.permitted_categories(each, name, context) for each in policy.purposes}


def _listed(heading: str, table: Mapping[str, tuple[str, ...]], hierarchy: Hierarchy, section: str) -> Iterator[str]:
    rows = [(each, _topmost(hierarchy, names)) for each, names in table.items() if names]
    if not rows:
        return
    yield from ("", f"{heading}:", "")
    for each, names in rows[:_ROWS_SHOWN]:
        yield f"- `{each}`{' for' if section == 'categories' else ':'} {_few(names)}"
    if len(rows) > _ROWS_SHOWN:
        yield f"- and {len(rows) - _ROWS_SHOWN} more"


def _topmost(hierarchy: Hierarchy, names: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out what lies under another one: a permit holds for all that lies under it (DESIGN §4, law 5)."""
    return tuple(name for name in names if not set(hierarchy.parents(name)) & set(names))


def _few(names: tuple[str, ...]) -> str:
    if len(names) <= _NAMES_SHOWN:
        return listed(names)
    return f"{', '.join(f'`{name}`' for name in names[:_NAMES_SHOWN])} and {len(names) - _NAMES_SHOWN} more"


def _plain(text: str) -> str:
    return _MARKDOWN.sub(lambda found: found[1] or f"\\{found[2]}", text)


def right_now() -> datetime:
    """Give the instant."""
    return datetime.now(UTC)
