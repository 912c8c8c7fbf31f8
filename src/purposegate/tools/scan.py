"""Python files → everything there is to say about the uses of personal data in them; no code is imported or run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache as once
from pathlib import Path
from typing import Final

from purposegate.engine.judge import Engine
from purposegate.errors import PolicyError
from purposegate.findings import Finding, Location, Severity, listed
from purposegate.policy.collecting import uncollected
from purposegate.policy.files import Files
from purposegate.policy.loader import load
from purposegate.tools.scanning import baseline as baselines
from purposegate.tools.scanning import cache
from purposegate.tools.scanning.baseline import Entry, Found
from purposegate.tools.scanning.cache import Key, Outcome
from purposegate.tools.scanning.census import census
from purposegate.tools.scanning.judging import judged
from purposegate.tools.scanning.kinds import SECTIONS
from purposegate.tools.scanning.looking import look
from purposegate.tools.scanning.personal import unlabelled_fields
from purposegate.tools.scanning.policies import Policies
from purposegate.tools.scanning.precise import precisely
from purposegate.tools.scanning.sighting import Sight, UnknownRead
from purposegate.tools.scanning.sources import sources
from purposegate.tools.scanning.suppressing import unsuppressed
from purposegate.tools.scanning.written import Written

_UNKNOWN: Final = "unknown-receiver"
_ORDER: Final = list(dict.fromkeys(SECTIONS.values()))


@dataclass(frozen=True, slots=True)
class Settings:
    """How is scanned: what is left out, which conditions are taken as shown, and what else is asked or kept.

    `passed_over` are kinds of findings that nobody wants to be told of; `cache` is the folder of what was found before, None for
    none; `baseline` the file of what is known, and `anew` tells that it is written with what is found. `folder` is where the code
    is meant to run, if not here.
    """

    exclude: tuple[str, ...] = ()
    assume: frozenset[str] = frozenset()
    passed_over: frozenset[str] = frozenset()
    cache: str | None = None
    baseline: str | None = None
    anew: bool = False
    precise: bool = False
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan found: errors and warnings in order, then the notes by their sections; how many are `known` to the baseline.

    `written` is how many a baseline that was written holds, and `sight` is None where the files were not looked at again.
    """

    findings: tuple[Finding, ...]
    files: tuple[str, ...]
    known: int = 0
    written: int | None = None
    sight: Sight | None = None
    lines: int = 0


def scan(
    paths: Sequence[str],
    project: Engine,
    settings: Settings | None = None,
    done: Callable[[int], None] | None = None,
    *,
    texts: Mapping[str, str] | None = None,
) -> Scan:
    """Scan Python files by the project's policy, and the policies that their gates name; `done` is told of the bytes of each.

    `texts` are those of files that an editor has open, by path: they stand for what the disk has, and nothing of them is cached.

    Raises:
        PurposegateError: the baseline cannot be read or written, or what `precise` needs is not installed.
    """
    settings = settings or Settings()
    entries = _noted(settings)
    meant = sources(paths, settings.exclude, texts or ())
    outcome, sight = _outcome(meant.files, project, settings, done, _by_file(meant.files, texts or {}))
    found = list(_more_precise(outcome, meant.files)) if settings.precise else list(outcome.found)
    found = [*(Found(each) for each in meant.findings), *(each for each in found if each.finding.slug not in settings.passed_over)]
    if settings.baseline is None:
        return Scan(_in_order(each.finding for each in found), meant.files, sight=sight, lines=outcome.lines)
    return _beside(Scan((), meant.files, sight=sight, lines=outcome.lines), found, entries, settings, project)


def is_unknown(finding: Finding) -> bool:
    """Tell whether a finding is of a read of which nobody knows whether it is one of personal data."""
    return finding.slug == _UNKNOWN and finding.severity is Severity.NOTE


def _noted(settings: Settings) -> tuple[Entry, ...]:
    """Read the baseline; one that is to be written need not be there."""
    path = settings.baseline
    if path is None or (settings.anew and not os.path.lexists(path)):
        return ()
    return baselines.read(path)


def _beside(bare: Scan, found: Sequence[Found], entries: Sequence[Entry], settings: Settings, project: Engine) -> Scan:
    """Tell what is new beside the baseline; or write it, and tell what none may hold."""
    path = settings.baseline or ""
    seen = frozenset(map(os.path.realpath, (*bare.files, project.policy.path)))

    def looked_for(entry: Entry) -> bool:
        return entry.slug not in settings.passed_over and baselines.is_gone(entry, path, seen)

    if settings.anew:
        kept = [entry for entry in entries if not looked_for(entry)]
        holds = baselines.write(found, kept, path)
        entries = baselines.read(path)
        told = baselines.compared(found, entries, path, looked_for)
        return replace(bare, findings=_in_order(told.new), known=told.known, written=holds)
    told = baselines.compared(found, entries, path, looked_for)
    stale = (baselines.stale(entry, path) for entry in told.stale)
    return replace(bare, findings=_in_order((*told.new, *stale)), known=told.known)


def _by_file(files: Iterable[str], texts: Mapping[str, str]) -> dict[str, str]:
    """Give the texts by the paths of the files that are scanned, with ends of lines and a beginning as if they were read."""
    plain = {os.path.realpath(path): text.replace("\r\n", "\n").replace("\r", "\n") for path, text in texts.items()}
    real = {path: os.path.realpath(path) for path in files} if plain else {}
    return {path: plain[whole].removeprefix("\ufeff") for path, whole in real.items() if whole in plain}


def _outcome(
    files: tuple[str, ...],
    project: Engine,
    settings: Settings,
    done: Callable[[int], None] | None,
    texts: Mapping[str, str],
) -> tuple[Outcome, Sight | None]:
    """Take what was found before in the same files, or look at them and give what was seen too."""
    if settings.cache is None or not files or texts:
        outcome, _, sight = _looked(files, project, settings, done, texts)
        return outcome, sight
    how = (str(Path.cwd()), settings.folder, project.policy.path, project.policy.digest, *sorted(settings.assume))
    key = Key(how, cache.digests(files))
    kept = cache.load(settings.cache, key)
    if kept is not None:
        return kept, None
    outcome, policies, sight = _looked(files, project, settings, done, texts)
    # What changed while it was looked at is kept under neither content.
    if cache.digests(files) == key.files:
        cache.store(settings.cache, key, outcome, _digests(policies))
    return outcome, sight


def _looked(
    files: tuple[str, ...],
    project: Engine,
    settings: Settings,
    done: Callable[[int], None] | None,
    texts: Mapping[str, str],
) -> tuple[Outcome, tuple[str, ...], Sight]:
    """Look at the files and judge what is seen; give with it the paths of the policies that judged, and what was seen."""
    # The trees of thousands of files are millions of objects, and none of them garbage.
    with uncollected():
        sight = look(files, done, texts=texts)
        named = tuple(dict.fromkeys(each for each in _policies(sight) if each is not None))
        policies = Policies(project, named, settings.folder)
        written = once(lambda path: Written(path, texts[path]) if path in texts else Written.at(path))
        unknown = {_of_unknown(read): read for read in sight.unknown}
        found = [
            *sight.findings,
            *judged(sight, policies, settings.assume),
            *unlabelled_fields(sight.fields, project.policy),
            *census(sight, policies),
            *unknown,
        ]
        told = list(unsuppressed(dict.fromkeys(found), files, written))
        owners: dict[str, tuple[str, ...]] = {}
        for each in sight.fields:
            if each.categories:
                owners[each.name] = (*owners.get(each.name, ()), each.owner)
        outcome = Outcome(
            tuple(Found(_excerpted(each, written), _scope(each, written)) for each in told),
            tuple(unknown[each] for each in told if each in unknown),
            owners,
            sight.lines,
        )
    return outcome, (project.policy.path, *named), sight


def _policies(sight: Sight) -> Iterator[str | None]:
    for use in sight.uses:
        yield use.judge.policy
    for fact in sight.facts:
        yield fact.judge.policy
    for judge, _ in sight.gates:
        yield judge.policy
    for read in sight.reads:
        for way in read.ways:
            for cover in way.covers:
                yield cover.judge.policy


def _digests(policies: Iterable[str]) -> Mapping[str, str | None]:
    """Give the digests of policies and of what they were read with, also of those that cannot be used."""
    files = Files()
    for path in policies:
        try:
            load(path, files=files)
        except PolicyError:
            continue
    return {str(path): digest for path, digest in files.digests.items()}


def _of_unknown(read: UnknownRead) -> Finding:
    label = listed(read.categories) or "a label"
    return Finding(
        _UNKNOWN,
        Severity.NOTE,
        f"`{read.name}` is read of an object whose class is not known, and a field called so bears {label}",
        Location(read.place.path, read.place.line, read.place.column),
        help="annotate the object, or scan with `--precise`",
    )


def _more_precise(outcome: Outcome, files: Sequence[str]) -> Iterator[Found]:
    """Yield what was found, with what a type checker knows of the objects that were not known."""
    precision = precisely(outcome.unknown, files)
    classes = {_of_unknown(read): (read, precision.classes.get(read)) for read in outcome.unknown}
    for each in outcome.found:
        read, told = classes.get(replace(each.finding, excerpt=None), (None, None))
        if read is None or told is None:
            yield each
        elif _last(told) & _last(" | ".join(outcome.owners.get(read.name, ()))):
            message = f"`{read.name}` is read of {listed(told.split(' | '), 'or')}, where it bears {listed(read.categories)}"
            help_ = "annotate the object, so that the scan can tell whether a use covers the read"
            yield each._replace(finding=replace(each.finding, severity=Severity.WARNING, message=message, help=help_))
    yield from map(Found, precision.findings)


def _last(dotted: str) -> frozenset[str]:
    """Give the last parts of dotted names: two programs may disagree on where a project begins."""
    return frozenset(each.rpartition(".")[2] for each in dotted.split(" | "))


def _excerpted(finding: Finding, written: Callable[[str], Written]) -> Finding:
    if finding.location is None or finding.excerpt is not None:
        return finding
    return replace(finding, excerpt=written(finding.location.path).excerpt(finding.location))


def _scope(finding: Finding, written: Callable[[str], Written]) -> str:
    return written(finding.location.path).scope(finding.location) if finding.location else ""


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=_place))


def _place(finding: Finding) -> tuple[int, Location]:
    """Put errors and warnings before notes, the notes by their sections, and each by its place."""
    section = SECTIONS.get(finding.slug)
    rank = 0 if finding.severity is not Severity.NOTE else 1 if section is None else 2 + _ORDER.index(section)
    return rank, finding.location or Location("", 0, 0)
