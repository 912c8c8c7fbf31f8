"""What holds of the reader whatever bytes it is handed.

The laws are plain functions of bytes, so that Hypothesis (`test_fuzz`) and a coverage-guided fuzzer (`proofs/fuzz_reader.py`) can
ask the same. A law yields what breaks it: nothing, where it holds. The text is read a second time without the reader: by PyYAML's
plainest loader, and by JSON's where it is JSON; what it states is judged by `spec`.
"""

from __future__ import annotations

import json
import re
import time
import zlib
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from functools import cached_property
from itertools import product
from math import prod
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml
from mutations import chance
from spec import covers, role_of, verdict

from purposegate import Context, Engine, Finding, Policy, PolicyError, Severity, Use
from purposegate.policy.reader import Reading, read

Document = dict[str, Any]

PATH: Final = "fuzzed.yaml"
# A use for each of so many combinations of names, channels and circumstances, spread over all there are.
USES_JUDGED: Final = 200
# What reading takes is a few milliseconds; a machine may be busy. What it takes at a mebibyte is measured by the benchmark.
SECONDS: Final = 10.0
FINDINGS_AT_MOST: Final = 1_001
SHOWN_AT_MOST: Final = 3_000
FOREVER: Final = datetime.max.replace(tzinfo=UTC)

_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_SLUG: Final = re.compile(r"[a-z]+(-[a-z0-9]+)*\Z")


@dataclass(frozen=True)
class Case:
    """Bytes, what the reader made of them with either parser, and what they state to a reader who knows nothing of ours."""

    data: bytes
    libyaml: Reading
    pure: Reading
    seconds: float

    @classmethod
    def of(cls, data: bytes) -> Case:
        """Read some bytes with both parsers; whatever this raises is a failure of the reader."""
        started = time.process_time()
        return cls(data, read(data, PATH), read(data, PATH, pure=True), time.process_time() - started)

    @property
    def readings(self) -> tuple[Reading, Reading]:
        return self.libyaml, self.pure

    @cached_property
    def lines(self) -> list[str]:
        return _LINE_END.split(self.data.decode("utf-8", errors="replace").removeprefix("\ufeff"))

    @cached_property
    def document(self) -> Document | None:
        """What an accepted text states; None where it states no policy, of which one law complains for all."""
        if self.libyaml.policy is None:
            return None
        try:
            return stated(self.data.decode())
        except Unstated:
            return None

    @cached_property
    def engine(self) -> Engine | None:
        """The judge; None where a `never` keeps the policy from being used, or nothing was accepted."""
        policy = self.libyaml.policy
        return None if policy is None or _breaches(policy) is not None else Engine(policy)


Law = Callable[[Case], Iterator[str]]


def broken(data: bytes) -> list[str]:
    """Give every law that some bytes break, with what breaks it."""
    case = Case.of(data)
    return [f"{law.__name__}: {what}" for law in LAWS for what in law(case)]


# --- the laws ------------------------------------------------------------------------------------------------------------------


def reading_ends_soon(case: Case) -> Iterator[str]:
    if case.seconds > SECONDS:
        yield f"reading took {case.seconds:.1f} seconds"
    for reading in case.readings:
        if len(reading.findings) > FINDINGS_AT_MOST:
            yield f"{len(reading.findings)} findings"


def a_refusal_says_why(case: Case) -> Iterator[str]:
    for reading in case.readings:
        wrong = any(finding.severity is Severity.ERROR for finding in reading.findings)
        if wrong == (reading.policy is not None):
            yield "refused without an error" if reading.policy is None else "accepted with an error"
        if reading.policy is not None and _breaches(reading.policy) == ():
            yield "it does not compile, and nothing says why"


def a_finding_has_its_place_in_the_file(case: Case) -> Iterator[str]:
    for finding in _findings(case):
        at = finding.location
        if at is None:
            yield f"{finding.slug} has no place"
        elif at.path != PATH or not 1 <= at.line <= len(case.lines) or not 1 <= at.column <= len(case.lines[at.line - 1]) + 1:
            yield f"{finding.slug} stands outside the file, at {at}"


def a_finding_can_be_shown(case: Case) -> Iterator[str]:
    """Nothing that a terminal or a log would obey or take for a line of its own comes out of the file into a finding."""
    for finding in _findings(case):
        shown = [finding.message, finding.help or "", *(finding.excerpt or "").split("\n")]
        if any(map(_CONTROL.search, shown)) or len(shown) > 4:
            yield f"{finding.slug} repeats a control character"
        if sum(map(len, shown)) > SHOWN_AT_MOST:
            yield f"{finding.slug} is too long to be read"
        if not _SLUG.match(finding.slug) or not finding.message:
            yield f"{finding.slug} is no slug, or says nothing"


def either_parser_accepts_and_complains_alike(case: Case) -> Iterator[str]:
    """The same findings at the same places.

    Where a text is no YAML it is enough that both parsers say so: they do not look equally far ahead of what they have told. So
    one of them may also reach the limit of nesting first.
    """
    one, other = ([_complaint(finding) for finding in reading.findings] for reading in case.readings)
    slugs = [{finding.slug for finding in reading.findings} for reading in case.readings]
    if (case.libyaml.policy is None) != (case.pure.policy is None):
        yield f"accepted by {'pure' if case.libyaml.policy is None else 'libyaml'} alone"
    elif one != other and not all(each & {"not-yaml", "nesting"} for each in slugs):
        yield f"libyaml: {[each for each in one if each not in other]}, pure: {[each for each in other if each not in one]}"


def either_parser_means_the_same(case: Case) -> Iterator[str]:
    if case.engine is None or case.pure.policy is None or case.document is None:
        return
    other = Engine(case.pure.policy)
    for use, context in _questions(case.document, case.data):
        if case.engine.decide(use, context) != other.decide(use, context):
            yield f"{use}, {context}"


def what_is_accepted_is_stated(case: Case) -> Iterator[str]:
    """Every key is one of the format's and there once, every name is declared, and every value is of its kind."""
    if case.libyaml.policy is None:
        return
    try:
        document = stated(case.data.decode())
    except Unstated as unstated:
        yield str(unstated)
        return
    policy = case.libyaml.policy
    for names, declared in (
        (policy.categories, document["categories"]),
        (policy.purposes, document["purposes"]),
        (policy.recipients, document["recipients"]),
    ):
        if list(names) != list(declared) or any(set(names.parents(name)) != set(_parents(declared[name])) for name in declared):
            yield "other names or parents than the text declares"
    written = _as_json(case.data)
    if written is not None and _filled(written) != document:
        yield "JSON says something else"


def what_is_permitted_is_stated(case: Case) -> Iterator[str]:
    """And the reverse: in every circumstance the judge and the naive reading of the text give the same reason."""
    document = case.document
    if case.engine is None or document is None:
        return
    begins = _begins(document)
    for use, context in _questions(document, case.data):
        known = {
            "shown": context.shown,
            "objections": context.objections,
            "consulted": False,
            "registered": False,
            "too_early": begins is not None and context.at < begins,
        }
        asked = {part: getattr(use, part) for part in ("data_category", "purpose", "recipient", "channel", "subject")}
        decision, expected = case.engine.decide(use, context), verdict(document, asked, known)
        if decision.reason != expected or bool(decision) != (expected == "permitted"):
            yield f"{use}, {context}: {decision.reason}, but the text says {expected}"


def what_may_never_be_is_not_permitted(case: Case) -> Iterator[str]:
    document = case.document
    if document is None:
        return
    names = list(product(document["categories"], document["purposes"], _recipients(document)))
    searched = [names[number] for (number,) in _spread([len(names)], case.data)]
    breach = any(_breaks(document, never, *use) for never in document["never"] for use in searched)
    if breach and case.engine is not None:
        yield "a use that the text forbids for ever is permitted"
    if case.engine is None and len(searched) == len(names) and not breach:
        yield "nothing breaks what the text forbids, and the policy does not compile"


LAWS: Final[tuple[Law, ...]] = (
    reading_ends_soon,
    a_refusal_says_why,
    a_finding_has_its_place_in_the_file,
    a_finding_can_be_shown,
    either_parser_accepts_and_complains_alike,
    either_parser_means_the_same,
    what_is_accepted_is_stated,
    what_is_permitted_is_stated,
    what_may_never_be_is_not_permitted,
)


def _findings(case: Case) -> Iterator[Finding]:
    for reading in case.readings:
        yield from reading.findings
        if reading.policy is not None:
            yield from _breaches(reading.policy) or ()


def _breaches(policy: Policy) -> tuple[Finding, ...] | None:
    """Give why a policy does not compile; None where it does."""
    try:
        Engine(policy)
    except PolicyError as error:
        return error.findings
    return None


def _complaint(finding: Finding) -> tuple[Any, ...]:
    return (finding.slug, finding.message, finding.severity, finding.location, finding.help, finding.excerpt)


# --- what is asked of a policy -------------------------------------------------------------------------------------------------


def _questions(document: Document, data: bytes) -> Iterator[tuple[Use, Context]]:
    """Uses of every declared name, through each channel, with no condition shown, each alone, or all; with each objection."""
    conditions, objections = document["conditions"], document["objections"]
    at = [FOREVER]
    begins = _begins(document)
    if begins is not None:
        at += [begins, begins - timedelta(microseconds=1)]
    circumstances = [
        *product(at, [frozenset(), frozenset(conditions)], [frozenset[str]()]),
        *((FOREVER, frozenset((name,)), frozenset[str]()) for name in conditions),
        *((FOREVER, frozenset(conditions), frozenset((name,))) for name in objections),
    ]
    channels = (None, *document["channels"])
    asked: tuple[Sequence[Any], ...] = (
        list(document["categories"]),
        list(document["purposes"]),
        (None, *_recipients(document)),
        channels,
        circumstances,
    )
    for numbers in _spread([len(part) for part in asked], data):
        category, purpose, recipient, channel, (instant, shown, objected) = (
            part[number] for part, number in zip(asked, numbers, strict=True)
        )
        yield Use(category, purpose, recipient, channel=channel), Context(instant, shown, objected)


def _recipients(document: Document) -> list[str]:
    return [name for each in document["recipients"] for name in (each, f"{each}/x1") if role_of(document, name)]


def _breaks(document: Document, never: Document, category: str, purpose: str, recipient: str) -> bool:
    covered = (
        covers(document, never, "data", "categories", category)
        and covers(document, never, "purposes", "purposes", purpose)
        and covers(document, never, "recipients", "recipients", recipient)
    )
    use = {"data_category": category, "purpose": purpose, "recipient": recipient, "channel": None, "subject": None}
    known = {
        "shown": set(document["conditions"]) - set(never["unless"]),
        "objections": (),
        "consulted": False,
        "registered": False,
        "too_early": False,
    }
    return covered and verdict(document, use, known) == "permitted"


def _spread(sizes: list[int], data: bytes) -> Iterator[tuple[int, ...]]:
    """Give index tuples into a product of these sizes: all of them, or as many as are judged, drawn by the text itself."""
    total = prod(sizes)
    for number in chance(zlib.crc32(data)).sample(range(total), min(total, USES_JUDGED)):
        left, numbers = number, []
        for size in reversed(sizes):
            left, at = divmod(left, size)
            numbers.append(at)
        yield tuple(reversed(numbers))


def _begins(document: Document) -> datetime | None:
    day = document["policy"].get("effective")
    if day is None:
        return None
    zone = ZoneInfo(document["amendments"]["time_zone"]) if "amendments" in document else UTC
    return datetime.combine(date.fromisoformat(day), time_of_day.min, zone).astimezone(UTC)


# --- the second reading --------------------------------------------------------------------------------------------------------


class Unstated(Exception):
    """Raised by the second reading for a text that states no policy."""


class _PlainLoader(yaml.BaseLoader):
    """Makes text, lists and dictionaries, and takes no key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT002 - PyYAML's signature
        keys = [key.value for key, _ in node.value]
        if not all(isinstance(key, str) for key in keys) or len(set(keys)) < len(keys):
            raise Unstated("a key is there twice, or is no word")
        return super().construct_mapping(node, deep=deep)


def stated(text: str) -> Document:
    """Read a text as plain data with all sections, as `spec` wants it; raise `Unstated` where it is no policy."""
    text = text.removeprefix("\ufeff")
    try:
        document = yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - builds text only
        _looks_like_what_it_is(text)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise Unstated("it is not YAML") from error
    _demand(isinstance(document, dict), "it is no mapping")
    _known_keys(document, "", "purposegate policy", " ".join([*SECTIONS, "amendments"]))
    _demand(document["purposegate"] == "1", "another version")
    whole = _filled(document)
    for section in SECTIONS:
        _demand(isinstance(whole[section], list if section in LISTS else dict), f"{section} is of another kind")
    for section, (required, optional) in ENTRIES.items():
        entries = whole[section]
        for entry in entries if section in LISTS else entries.values():
            _known_keys(entry, section, required, optional)
            _declared(whole, section, entry)
        _demand(section in LISTS or all(map(_NAME.fullmatch, entries)), f"a name of {section} is none")
    for header in ("policy", *(["amendments"] if "amendments" in whole else [])):
        _known_keys(whole[header], header, *HEADERS[header])
    controllers = [name for name, recipient in whole["recipients"].items() if recipient.get("role") == "controller"]
    _demand(controllers == [whole["policy"]["controller"]], "the controller is another, or not one")
    cited = {rule["clause"] for section in ("uses", "provisions", "exceptions") for rule in whole[section]}
    for objection in whole["objections"].values():
        _demand(
            isinstance(objection["exempt"], list) and cited.issuperset(objection["exempt"]), "what is exempt is no rule's clause"
        )
    return whole


_NAME: Final = re.compile("[a-z][a-z0-9_]*")
# Required and optional keys, as DESIGN section 3 gives them.
_CITED: Final = "clause quote reading"
_RULE: Final = "clause quote purposes data conditions"
HEADERS: Final = {
    "policy": ("id title controller revision contact prose", "effective"),
    "amendments": ("clause quote window silence time_zone", "reading"),
}
ENTRIES: Final = {
    "categories": ("", f"parent {_CITED}"),
    "purposes": ("", f"parent {_CITED}"),
    "recipients": ("", f"role parent {_CITED}"),
    "channels": ("", _CITED),
    "conditions": ("shown_by", _CITED),
    "uses": (_RULE, "provision_only except reading"),
    "provisions": (f"{_RULE} recipients channels", "except reading"),
    "exceptions": (f"{_RULE} recipients channels", "except reading"),
    "objections": ("clause quote data purposes recipients exempt", "reading"),
    "never": ("data purposes recipients unless", ""),
    "unenforced": ("clause quote why", ""),
    "questions": ("clause quote question", ""),
}
LISTS: Final = frozenset({"uses", "provisions", "exceptions", "never", "unenforced", "questions"})
SECTIONS: Final = tuple(ENTRIES)
_NAMES_OF: Final = {
    "data": "categories",
    "purposes": "purposes",
    "recipients": "recipients",
    "channels": "channels",
    "conditions": "conditions",
    "unless": "conditions",
}
_TEXTS: Final = frozenset({"clause", "quote", "reading", "why", "question", "id", "title", "revision", "contact", "prose"})
_WORDS: Final = {
    "role": {"controller", "processor", "joint_user", "third_party", "data_subject"},
    "shown_by": {"consent", "claim", "agreement", "fact"},
    "silence": {"accepts", "never"},
    "provision_only": {"true", "false"},
}


def _demand(condition: object, why: str) -> None:
    if not condition:
        raise Unstated(why)


def _looks_like_what_it_is(text: str) -> None:
    """Refuse, as YAML 1.2 does and PyYAML does not, quoted text that goes on at the margin, and a comment without a blank."""
    lines, margins = _LINE_END.split(text), [-1]
    for token in yaml.scan(text, Loader=yaml.BaseLoader):
        if isinstance(token, yaml.BlockMappingStartToken | yaml.BlockSequenceStartToken):
            margins.append(token.start_mark.column)
        elif isinstance(token, yaml.BlockEndToken):
            margins.pop()
        elif isinstance(token, yaml.FlowMappingEndToken | yaml.FlowSequenceEndToken):
            _demand(not text.startswith("#", token.end_mark.index), "a comment begins without a blank")
        elif isinstance(token, yaml.ScalarToken) and token.style in ("'", '"'):
            _demand(not text.startswith("#", token.end_mark.index), "a comment begins without a blank")
            for line in lines[token.start_mark.line + 1 : token.end_mark.line + 1]:
                indented = len(line) - len(line.lstrip(" "))
                _demand(indented > margins[-1] or indented == len(line), "quoted text stands where keys do")


def _known_keys(entry: object, where: str, required: str, optional: str) -> None:
    if not isinstance(entry, dict):
        raise Unstated(f"an entry of {where} is no mapping")
    needed, known = set(required.split()), {*required.split(), *optional.split()}
    _demand(needed <= entry.keys() <= known, f"a key of {where} is missing or unknown")
    for key in entry.keys() & _WORDS.keys():
        _demand(entry[key] in _WORDS[key] or (key == "provision_only" and isinstance(entry[key], bool)), f"{key} is another word")
    for key in entry.keys() & _TEXTS:
        _demand(isinstance(entry[key], str) and entry[key], f"{key} says nothing")


def _declared(document: Document, section: str, entry: Document) -> None:
    for key in entry.keys() & _NAMES_OF.keys():
        may_be_empty = key in ("conditions", "unless")
        if entry[key] != "any" or may_be_empty:
            _listed(document, entry, key)
            _demand(entry[key] or may_be_empty, f"{key} lists nothing")
    excepted = entry.get("except", {})
    _known_keys(excepted, "except", "", "data purposes" if section == "uses" else "data purposes recipients")
    for key in excepted:
        _listed(document, excepted, key)
    for parent in _parents(entry):
        _demand(parent in document[section], "a parent is not declared")
    _demand(section == "categories" or isinstance(entry.get("parent", ""), str), "several parents")
    _demand(section != "recipients" or ("role" in entry) != ("parent" in entry), "both role and parent, or neither")


def _listed(document: Document, entry: Document, key: str) -> None:
    names = entry[key]
    _demand(isinstance(names, list), f"{key} is no list")
    _demand(all(isinstance(name, str) and name in document[_NAMES_OF[key]] for name in names), f"{key} lists an unknown name")


def _parents(entry: Document) -> list[str]:
    parent = entry.get("parent", [])
    return [parent] if isinstance(parent, str) else list(parent)


def _filled(document: Document) -> Document:
    """Add the sections that were left out, and make truth values of what only reads as one."""
    empty: Document = {section: [] if section in LISTS else {} for section in SECTIONS}
    whole = {**empty, **document}
    if isinstance(whole["uses"], list):
        whole["uses"] = [
            {**clause, "provision_only": clause.get("provision_only") == "true"} if isinstance(clause, dict) else clause
            for clause in whole["uses"]
        ]
    return whole


def _as_json(data: bytes) -> Document | None:
    """Read a text as JSON with every scalar as it was typed; None where it is none, or says a key twice."""

    def once(pairs: list[tuple[str, Any]]) -> Document:
        if len(dict(pairs)) < len(pairs):
            raise ValueError
        return {key: _typed(value) for key, value in pairs}

    try:
        read: object = json.loads(
            data.decode().removeprefix("\ufeff"), object_pairs_hook=once, parse_int=str, parse_float=str, parse_constant=str
        )
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _typed(value: Any) -> Any:
    if isinstance(value, list):
        return list(map(_typed, value))
    return {True: "true", False: "false", None: "null"}[value] if value is None or isinstance(value, bool) else value
