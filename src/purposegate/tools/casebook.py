"""A file of cases on disk → the cases, with every name held to the policy, or every finding at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from itertools import product
from math import prod
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from purposegate.engine.decision import Reason
from purposegate.engine.judge import Engine
from purposegate.engine.use import Context, Standing, Use
from purposegate.errors import PolicyError
from purposegate.findings import Finding, Location, did_you_mean, listed
from purposegate.policy.files import Files, complaint
from purposegate.policy.loader import load
from purposegate.policy.markup import Findings, Kind, Map, Seq, Source, TooManyFindings, decode, position, read_markup
from purposegate.policy.terms import ANY, presentable
from purposegate.policy.validation import Inner, validated
from purposegate.tools.cases import DENIED, Case, Casebook, CaseEntry, CaseFile, CaseUse, Given

_CASES: Final = re.compile(r"[^.].*\.test\.ya?ml\Z", re.IGNORECASE)
_KIND: Final = Kind("a file of cases", "file-of-cases", "purposegate-test: 1")
_FILE_NAME: Final = re.compile(r"[^/\\:]+\Z")
# How many uses the lists of one case may stand for.
_USES: Final = 100_000
_SHOWN: Final = 12
_WRITE: Final = "write them in a file `*.test.yaml` beside the policy"
# What a case may name that the policy does not know: that it does not is what is expected.
_UNKNOWN: Final = {Reason.UNKNOWN_CATEGORY: "data", Reason.UNKNOWN_PURPOSE: "purpose", Reason.UNKNOWN_CHANNEL: "channel"}
# Where a policy states no day from which it is in force, any day will do.
_ANY_DAY: Final = datetime.max.replace(tzinfo=UTC)
_INNER: Final[Inner] = {"use": CaseUse, "given": Given}


class Library:
    """Reads files of cases, and each policy only once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._engines: dict[Path, Engine] = {}

    def read(self, path: Path) -> Casebook:
        """Read a file of cases and its policy; raise `PolicyError` with all that is wrong with either."""
        data, refusal = Files().read(path, "the file of cases")
        if data is None:
            raise PolicyError([refusal])
        text, refusals = decode(data, str(path))
        if text is None:
            raise PolicyError(refusals)
        source = Source(text, str(path), _KIND)
        findings = Findings()
        cases: tuple[Case, ...] = ()
        engine = None
        try:
            tree, written = _written(source, findings)
            if tree is not None and written is not None and not findings:
                engine = self._engine(path.parent / written.policy)
                cases = tuple(_Reader(engine, source, findings, tree["cases"]).cases(written))
        except TooManyFindings:
            pass  # those that were found are enough to be told
        if findings or engine is None:
            raise PolicyError(sorted(findings, key=lambda finding: finding.location or Location("", 0, 0)))
        return Casebook(str(path), engine, cases)

    def gather(self, paths: Iterable[str | Path]) -> tuple[Casebook, ...]:
        """Read the files of cases that are named, those in folders, and those beside a policy that are about it.

        Raises `PolicyError` with all that is wrong with any of them, and for a policy or a folder without cases.
        """
        books: dict[Path, Casebook] = {}
        findings: list[Finding] = []
        for path in map(Path, paths):
            found, wrong = self._found(path)
            books |= found
            findings += wrong
            if not found and not wrong:
                findings.append(replace(complaint("no-cases", "there are no cases", path), help=_WRITE))
        if findings:
            raise PolicyError(dict.fromkeys(findings))
        return tuple(books.values())

    def _found(self, path: Path) -> tuple[dict[Path, Casebook], list[Finding]]:
        found: dict[Path, Casebook] = {}
        findings: list[Finding] = []
        for file in _files(path):
            try:
                book = self.read(file)
            except PolicyError as error:
                findings += error.findings
            else:
                if path.is_dir() or path == file or book.engine.policy.path == str(path):
                    found[file] = book
        return found, findings

    def _engine(self, path: Path) -> Engine:
        if path not in self._engines:
            self._engines[path] = Engine(load(path))
        return self._engines[path]


def is_cases(path: str | Path) -> bool:
    """Tell by its name whether a file is one of cases."""
    return _CASES.match(Path(path).name) is not None


def complaints(path: str | Path) -> tuple[Finding, ...]:
    """Give everything that is wrong with a file of cases or its policy."""
    try:
        Library().read(Path(path))
    except PolicyError as error:
        return error.findings
    return ()


def _written(source: Source, findings: Findings) -> tuple[Map | None, CaseFile | None]:
    """Validate the file case by case, then as a whole, of which what was complained of is left out."""
    understood: list[CaseEntry] = []

    def on_entry(section: str, key: str | int, value: object, at: int) -> None:
        if section == "cases" and isinstance(key, int):
            entry = validated(CaseEntry, value, at, source, findings, inner=_INNER)
            if entry is not None:
                understood.append(entry)

    tree = read_markup(source, findings, on_entry)
    if tree is None:
        return None, None
    whole: dict[str, object] = dict(tree)
    if isinstance(tree.get("cases"), Seq):
        whole["cases"] = list(understood)
    written = validated(CaseFile, whole, tree.at, source, findings, inner=_INNER, written=tree)
    policy = tree.get("policy")
    if isinstance(policy, str) and (not _FILE_NAME.match(policy) or policy in (".", "..")):
        message = "the policy is a file beside the cases, named without a folder"
        findings.append(source.finding("wrong-value", message, tree.values_at["policy"]))
    return tree, written


def _files(path: Path) -> list[Path]:
    """Give the files of cases in a folder and those under it, or beside a policy; what is neither will say so when it is read."""
    if path.is_dir():
        return [
            file for file in sorted(path.rglob("*")) if is_cases(file) and not file.is_dir() and not _hidden(file.relative_to(path))
        ]
    if is_cases(path) or not path.exists():
        return [path]
    return [file for file in sorted(path.parent.iterdir()) if is_cases(file) and not file.is_dir()]


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


class _Reader:
    """Holds the names of cases to those of the policy."""

    def __init__(self, engine: Engine, source: Source, findings: Findings, written: Seq) -> None:
        self.engine = engine
        self.policy = engine.policy
        self.source = source
        self.findings = findings
        self.written = written
        rules = self.policy.rules
        told = (*(rules.texts[number] for number in rules.clauses), *(each.clause for each in self.policy.objections.values()))
        self.clauses = dict.fromkeys(told)

    def cases(self, file: CaseFile) -> Iterator[Case]:
        """Give the cases; complain of each name that the policy does not declare, and of cases that go by one name."""
        if not file.cases:
            self.findings.append(self.source.finding("no-cases", "there are no cases", self.written.at, _WRITE))
        names: set[str] = set()
        for index, entry in enumerate(file.cases):
            if entry.name in names:
                self._complain("confusable-names", "another case goes by this name", index, "name")
            names.add(entry.name)
            yield self._case(entry, index)

    def _reason(self, entry: CaseEntry, index: int) -> Reason | None:
        slugs = [reason.value for reason in Reason]
        if entry.expect in slugs:
            return Reason(entry.expect)
        if entry.expect != DENIED:
            verdicts = [Reason.PERMITTED.value, DENIED, *(slug for slug in slugs if slug != Reason.PERMITTED)]
            help_ = did_you_mean(entry.expect, verdicts) or f"one of {listed(verdicts, 'or')}"
            self._complain("wrong-value", "no such verdict", index, "expect", help_=help_)
        return None

    def _case(self, entry: CaseEntry, index: int) -> Case:
        reason = self._reason(entry, index)
        given = entry.given
        if given.registered is not None and given.ledger == "not-consulted":
            self._complain("wrong-value", "whom a ledger knows says nothing where none was asked", index, "given", "registered")
        context = Context(
            self._instant(given),
            frozenset(self._names(given.shown, self.policy.conditions, "condition", index, "given", "shown")),
            frozenset(self._names(given.objections, self.policy.objections, "objection", index, "given", "objections")),
            Standing(given.ledger),
            given.registered is True,
        )
        clauses = self._told(entry.clauses, self.clauses, "clause", index, "clauses")
        unmet = self._told(entry.unmet, self.policy.conditions, "condition", index, "unmet")
        place = self.source.location(self.written.items_at[index])
        return Case(entry.name, place, self._uses(entry.use, index, reason), context, reason, clauses, unmet)

    def _instant(self, given: Given) -> datetime:
        policy = self.policy
        if given.at is None:
            return policy.in_force_from or _ANY_DAY
        zone = ZoneInfo(policy.amendments.time_zone) if policy.amendments else UTC
        return datetime.combine(given.at, time.min, zone)

    def _uses(self, use: CaseUse, index: int, reason: Reason | None) -> tuple[Use, ...]:
        """Give every combination of what the lists of a case name. A name that is expected to be unknown may be anything."""
        policy = self.policy
        at = (index, "use")
        free = None if reason is None else _UNKNOWN.get(reason)
        axes: list[Iterable[str | None]] = []
        for key, names, known, word in (
            ("data", use.data, policy.categories, "data category"),
            ("purpose", use.purpose, policy.purposes, "purpose"),
            ("channel", use.channel or (), policy.channels, "channel"),
        ):
            axes.append(names if key == free and ANY not in names else self._names(names, known, word, *at, key))
        recipients = self._recipients(use.recipient or (), reason, *at, "recipient")
        data, purposes, channels = (tuple(axis) for axis in axes)
        if not (data and purposes and (channels or use.channel is None)):
            self._complain("wrong-value", "the case stands for no use: the policy declares none of what it names", *at)
        lists = (data, purposes, recipients or (None,), channels or (None,))
        if prod(map(len, lists)) > _USES:
            self._complain("too-many", f"the case stands for more than {_USES} uses", *at)
            return ()
        return tuple(
            Use(category or "", purpose or "", recipient, use.subject, channel)
            for category, purpose, recipient, channel in product(*lists)
        )

    def _recipients(self, names: tuple[str, ...], reason: Reason | None, *at: str | int) -> tuple[str, ...]:
        if names == (ANY,):
            return tuple(self.policy.recipients)
        if reason is not Reason.UNKNOWN_RECIPIENT or ANY in names:
            for number, name in enumerate(names):
                if self.engine.class_of(name) is None:
                    declared = name.partition("/")[0]
                    self._undeclared(declared, self.policy.recipients, "recipient", number, *at)
        return names

    def _names(self, names: tuple[str, ...], known: Iterable[str], word: str, *at: str | int) -> tuple[str, ...]:
        if names == (ANY,):
            return tuple(known)
        declared = tuple(known)
        for number, name in enumerate(names):
            if name not in declared:
                self._undeclared(name, declared, word, number, *at)
        return names

    def _told(self, names: tuple[str, ...] | None, known: Mapping[str, object], word: str, *at: str | int) -> frozenset[str] | None:
        if names is None:
            return None
        for number, name in enumerate(names):
            if name not in known:
                self._undeclared(name, known, word, number, *at)
        return frozenset(names)

    def _undeclared(self, name: str, known: Iterable[str], word: str, number: int, *at: str | int) -> None:
        declared = tuple(known)
        few = f"declared there: {listed(declared)}" if 0 < len(declared) <= _SHOWN else None
        help_ = f"write `{ANY}` alone, or the names" if name == ANY else did_you_mean(name, declared) or few
        shown = "" if word == "clause" else f" `{presentable(name)}`"
        message = f"no rule of the policy cites this {word}" if word == "clause" else f"the policy declares no {word}{shown}"
        self._complain("undeclared-name", message, *at, number, help_=help_)

    def _complain(self, slug: str, message: str, *at: str | int, help_: str | None = None) -> None:
        place = position(at, self.written, self.written.at, of_key=False)
        self.findings.append(self.source.finding(slug, message, place, help_))
