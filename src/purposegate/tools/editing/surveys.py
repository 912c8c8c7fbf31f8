"""The scan of a project's code as `purposegate scan` would find it, if all that stands in the editor were saved."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from purposegate.engine.judge import Engine
from purposegate.errors import PolicyError, PurposegateError
from purposegate.findings import Finding, Location, Related, Severity, did_you_mean
from purposegate.policy.files import Files
from purposegate.policy.inspection import inspect_bytes
from purposegate.policy.loader import load
from purposegate.policy.terms import presentable
from purposegate.tools.configuration import Configuration, chosen, nearest
from purposegate.tools.editing.positions import Marked, Page, Span, Spot
from purposegate.tools.scan import Settings, is_unknown, scan
from purposegate.tools.scanning.cache import finding_of
from purposegate.tools.scanning.kinds import ignorable
from purposegate.tools.scanning.sighting import Mention, Part, Place, Sight

_HERE: Final = (".",)


class Question(NamedTuple):
    """What is to be scanned: a project's folder and its policy, which is read from disk where there is no text of it.

    `texts` are those of the Python files that the editor has open, by their paths.
    """

    root: str
    policy: str | None
    text: str | None
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Survey:
    """What a scan found and saw in the files that the editor has open, whose paths are the editor's.

    `ends` are those of the expressions at which findings stand, and `mentions` the policy's names, with the field that bears it
    where a label is read. `refused` is what keeps the project from being scanned, at its `pyproject.toml`. `texts` are those that
    the survey was made of.
    """

    findings: tuple[Finding, ...] = ()
    mentions: tuple[Mention, ...] = ()
    ends: Mapping[Location, Spot] = field(default_factory=dict)
    refused: tuple[Finding, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

    def named(self, path: str, text: str) -> tuple[Mention, ...]:
        """Give the names that were seen in a file, where it still is what was looked at."""
        return tuple(each for each in self.mentions if each.place.path == path) if self.texts.get(path) == text else ()

    def marked(self, page: Page) -> tuple[Marked, ...]:
        """Give what was found in a file, each with the expression that it is about."""
        found = [(each, each.location) for each in self.findings if each.location is not None and each.location.path == page.path]
        return tuple(Marked(each, self._span(page, place)) for each, place in found)

    def _span(self, page: Page, place: Location) -> Span:
        end = self.ends.get(place)
        return page.marked(place) if end is None else Span(Spot(place.line - 1, place.column - 1), end)

    def as_dict(self) -> dict[str, Any]:
        """Give what JSON can write of it, without the texts."""
        return {
            "findings": [each.as_dict() for each in self.findings],
            "mentions": [[each.part.value, each.name, list(each.place)] for each in self.mentions],
            "ends": [[place.path, place.line, place.column, *end] for place, end in self.ends.items()],
            "refused": [each.as_dict() for each in self.refused],
        }

    @classmethod
    def of(cls, given: Mapping[str, Any], texts: Mapping[str, str]) -> Survey:
        """Make a survey of what `as_dict` gave."""
        return cls(
            tuple(map(finding_of, given["findings"])),
            tuple(Mention(Part(part), name, Place(*place)) for part, name, place in given["mentions"]),
            {Location(path, line, column): Spot(*end) for path, line, column, *end in given["ends"]},
            tuple(map(finding_of, given["refused"])),
            texts,
        )


def surveyed(question: Question) -> Survey:
    """Scan a project as the command does in its folder, which must be the working directory, by what its `pyproject.toml` says.

    Where the command could not run for want of a policy, nothing is found.
    """
    configuration, refused = nearest(Path.cwd(), kinds=ignorable())
    if refused:
        return Survey(refused=tuple(_shown_from_here(each) for each in refused))
    engine = _engine(question)
    if engine is None:
        return Survey()
    own = configuration.scan
    unknown = sorted(set(own.assume).difference(engine.policy.conditions))
    if unknown:
        help_ = did_you_mean(unknown[0], engine.policy.conditions)
        return _refused(configuration, f"the policy knows no condition `{presentable(unknown[0])}`", help_)
    slugs = ignorable()
    settings = Settings(own.exclude, frozenset(own.assume), slugs - chosen(slugs, own.select, own.ignore), baseline=own.baseline)
    try:
        done = scan(own.paths or _HERE, engine, settings, texts=question.texts)
    except PurposegateError as error:
        return _refused(configuration, str(error), None)
    return _in_the_editor(done.findings, done.sight or Sight(), question.texts)


def _engine(question: Question) -> Engine | None:
    """Compile the policy; where it cannot be used, its own findings say so."""
    if question.policy is None:
        return None
    try:
        if question.text is None:
            return Engine(load(question.policy))
        loaded = inspect_bytes(question.text.encode("utf-8", "surrogatepass"), question.policy, Files())
        return None if loaded.policy is None else Engine(loaded.policy)  # its prose may have changed since
    except PolicyError:
        return None


def _refused(configuration: Configuration, message: str, help_: str | None) -> Survey:
    place = None if configuration.path is None else Location(str(configuration.path), 1, 1)
    return Survey(refused=(_shown_from_here(Finding("wrong-value", Severity.ERROR, message, place, help=help_)),))


def _shown_from_here(finding: Finding) -> Finding:
    place = finding.location
    return finding if place is None else replace(finding, location=replace(place, path=_absolute(place.path)), excerpt=None)


def _in_the_editor(findings: Iterable[Finding], sight: Sight, texts: Mapping[str, str]) -> Survey:
    """Keep what concerns the files that are open, by their paths in the editor."""
    opened = {os.path.realpath(path): path for path in texts}

    @cache
    def path_of(path: str) -> str | None:
        return opened.get(os.path.realpath(path))

    shown = tuple(_placed(each, path_of) for each in findings if _is_open(each, path_of) and not is_unknown(each))
    wanted = {each.location for each in shown}
    ends: dict[Location, Spot] = {}
    for place in _places(sight):
        at = Location(path_of(place.path) or "", place.line, place.column)
        if at in wanted:
            # Of several things that begin at one place, as a field of a field, the whole is marked.
            ends[at] = max(ends.get(at, Spot(0, 0)), Spot(place.end_line - 1, place.end_column - 1))
    mentions = []
    for each in _mentions(sight):
        path = path_of(each.place.path)
        if path is not None:
            mentions.append(Mention(each.part, each.name, each.place._replace(path=path)))
    return Survey(shown, tuple(mentions), {place: end for place, end in ends.items() if place is not None})


def _is_open(finding: Finding, path_of: Callable[[str], str | None]) -> bool:
    return finding.location is not None and path_of(finding.location.path) is not None


def _placed(finding: Finding, path_of: Callable[[str], str | None]) -> Finding:
    def placed(place: Location) -> Location:
        return replace(place, path=path_of(place.path) or _absolute(place.path))

    related = tuple(Related(placed(each.location), each.message) for each in finding.related)
    return replace(finding, location=finding.location and placed(finding.location), related=related, excerpt=None)


def _places(sight: Sight) -> Iterator[Place]:
    for use in sight.uses:
        yield use.place
    for read in sight.reads:
        yield read.place
    for each in sight.fields:
        yield each.place
    yield from (fact.place for fact in sight.facts)
    yield from (place for _, place in sight.gates)
    yield from (mention.place for mention in _mentions(sight))


def _mentions(sight: Sight) -> Iterator[Mention]:
    for use in sight.uses:
        yield from use.mentions
    for each in sight.fields:
        yield from each.labels
    for read in sight.reads:
        if read.labels:
            yield read.labels[0]._replace(place=read.place)


def _absolute(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - a path is not to be resolved
