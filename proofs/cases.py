"""What is put to the judges: generated policies with uses of them, and every use of the shipped policy.

A case is a use with what is known of it, both as plain dictionaries, as `tests/spec.py` takes them. What is known has `at` besides,
the instant, which `too_early` only tells the naive reading how to read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations, product
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import yaml
from hypothesis import HealthCheck, Phase, given, seed, settings

sys.path.append(str(Path(__file__).parent.parent / "tests"))  # whose policies, readings and builders the proofs are made of

from builders import NOW, SHIPPED, a_policy
from spec import covers, overlap, role_of
from strategies import documents

from purposegate import Context, Decision, Engine, Policy, Standing, Use
from purposegate.policy.reader import read

Data = dict[str, Any]
Case = tuple[Data, Data]
Judge = Callable[[Use, Context], Decision]
_Part = TypeVar("_Part")

SECTIONS = ("uses", "provisions", "exceptions")
INSTANCES = ("x1", "0.a_b-c")
_STRANGE = ["unheard_of", "unheard_of/x1", "shop/x1", "r0/", "r0/X", "r0/x/y", "r0/x1/", "*", "*/*"]
# How often a policy has a day it comes into force, and a time zone for it; a condition is shown; a person has lodged an objection;
# there is a ledger; a use comes too early; and a part of a use is something that nobody declared, which hides all the rest.
_DATED, _ZONED, _SHOWN, _LODGED, _CONSULTED, _EARLY, _UNUSUAL = 0.3, 0.5, 0.7, 0.4, 0.4, 0.2, 0.04
_ZONES = ["Asia/Tokyo", "America/New_York", "Asia/Kolkata"]


def a_judge(document: Data) -> Judge:
    """Compile a document that the reader accepts."""
    return Engine(a_policy(document)).decide


def decided(judge: Judge, case: Case) -> Decision:
    """Put a case to a judge."""
    use, known = case
    standing = Standing.CONSULTED if known["consulted"] else Standing.NOT_CONSULTED
    context = Context(known["at"], frozenset(known["shown"]), frozenset(known["objections"]), standing, known["registered"])
    return judge(Use(use["data_category"], use["purpose"], use["recipient"], use["subject"], use["channel"]), context)


def drawn(policies: int, uses: int, by: int) -> Iterator[tuple[Data, list[Case]]]:
    """Draw policies with uses of them, mostly of declared names; the same for the same seed.

    Every rule can be told by its quote, and some of the policies come into force on a day.
    """
    chance = Random(by)
    for document in _documents(policies, by):
        finished = _with_a_day(_with_quotes(document), chance)
        yield finished, [(_a_use(finished, chance), _known(finished, chance)) for _ in range(uses)]


def shipped_document() -> Data:
    """Read the shipped policy with another reader than ours."""
    document: Data = yaml.load(SHIPPED.read_bytes(), Loader=yaml.BaseLoader)  # noqa: S506 - builds text only
    for clause in document["uses"]:
        clause["provision_only"] = clause.get("provision_only") == "true"
    return document


def shipped_policy() -> Policy:
    """Read the shipped policy with our reader."""
    policy = read(SHIPPED.read_bytes(), str(SHIPPED)).policy
    if policy is None:
        raise ValueError("the shipped policy cannot be read")
    return policy


def shipped_recipients(document: Data) -> list[str]:
    """Give every class of recipients, and an instance of each that can have one."""
    return [name for each in document["recipients"] for name in (each, f"{each}/x1") if role_of(document, name)]


def shipped_cases(document: Data, recipient: str) -> Iterator[Case]:
    """Give every use by a recipient, through every channel, with and without a ledger.

    Each is given under every set of the conditions that covering rules name and of the objections that touch it, and besides once
    for whatever else can stop it.
    """
    channels = [None, *document["channels"]]
    for category, purpose in product(document["categories"], document["purposes"]):
        named = {"data_category": category, "purpose": purpose, "recipient": recipient}
        shown = _sets(_conditions(document, category, purpose, recipient))
        objections = _sets(_objections(document, category, purpose, recipient))
        for channel, consulted, met, objected in product(channels, (False, True), shown, objections):
            yield named | {"channel": channel, "subject": "s1"}, _knowing(met, objected, consulted=consulted)
        everything = _knowing(shown[-1], (), consulted=True)
        yield named | {"channel": "fax", "subject": "s1"}, everything
        yield named | {"channel": "email", "subject": None}, everything
        yield named | {"channel": "email", "subject": "s1"}, everything | {"registered": False}
        for seconds, too_early in ((-1, True), (0, False)):
            at = _begins(document) + timedelta(seconds=seconds)
            yield named | {"channel": "email", "subject": "s1"}, everything | {"at": at, "too_early": too_early}


def _documents(number: int, by: int) -> list[Data]:
    kept: list[Data] = []

    @seed(by)
    @settings(max_examples=number, phases=[Phase.generate], database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(documents().filter(lambda document: bool(document["uses"])))  # without use clauses there is nothing to permit
    def keep(document: Data) -> None:
        kept.append(document)

    keep()
    return kept


def _with_quotes(document: Data) -> Data:
    quoted = {
        section: [rule | {"quote": f"{section} {place}"} for place, rule in enumerate(document[section])] for section in SECTIONS
    }
    return document | quoted


def _with_a_day(document: Data, chance: Random) -> Data:
    header = {key: value for key, value in document["policy"].items() if key != "effective"}
    if chance.random() >= _DATED:
        return document | {"policy": header}
    day = {"policy": header | {"effective": f"{NOW + timedelta(days=chance.randrange(-400, 400)):%Y-%m-%d}"}}
    if chance.random() >= _ZONED:
        return document | day
    zone = {"clause": "9", "quote": "x", "window": "P7D", "silence": "never", "time_zone": chance.choice(_ZONES)}
    return document | day | {"amendments": zone}


def _begins(document: Data) -> datetime:
    zone = ZoneInfo(document["amendments"]["time_zone"]) if "amendments" in document else UTC
    return datetime.fromisoformat(document["policy"]["effective"]).replace(tzinfo=zone)


def _a_use(document: Data, chance: Random) -> Data:
    classes = list(document["recipients"])
    instances = [f"{name}/{chance.choice(INSTANCES)}" for name in classes if role_of(document, f"{name}/x1")]
    return {
        "data_category": _mostly(chance, list(document["categories"]), ["unheard_of", "*"]),
        "purpose": _mostly(chance, list(document["purposes"]), ["unheard_of", "*"]),
        "recipient": _mostly(chance, [None, *classes, *instances * 4], _STRANGE),
        "channel": _mostly(chance, [None, *document["channels"]], ["pigeon"]),
        "subject": _mostly(chance, ["s1"], [None]),
    }


def _known(document: Data, chance: Random) -> Data:
    shown = [name for name in document["conditions"] if chance.random() < _SHOWN]
    objections = [name for name in document["objections"] if chance.random() < _LODGED]
    known = _knowing(shown, objections, consulted=chance.random() < _CONSULTED)
    known["registered"] = _mostly(chance, [True], [False])
    if "effective" not in document["policy"]:
        return known
    too_early = chance.random() < _EARLY
    shift = timedelta(seconds=chance.choice([1, 3600, 86400, 10**7]))
    return known | {"too_early": too_early, "at": _begins(document) + (-shift if too_early else shift - timedelta(seconds=1))}


def _knowing(shown: Sequence[str], objections: Sequence[str], *, consulted: bool) -> Data:
    known = {"shown": shown, "objections": objections, "consulted": consulted, "registered": True}
    return known | {"too_early": False, "at": NOW}


def _mostly(chance: Random, usual: Sequence[_Part], unusual: Sequence[_Part]) -> _Part:
    return chance.choice(unusual if chance.random() < _UNUSUAL else usual)


def _conditions(document: Data, category: str, purpose: str, recipient: str) -> list[str]:
    rules = [
        rule
        for rule in chain.from_iterable(document[section] for section in SECTIONS)
        if covers(document, rule, "data", "categories", category)
        and covers(document, rule, "purposes", "purposes", purpose)
        and ("recipients" not in rule or covers(document, rule, "recipients", "recipients", recipient))
    ]
    return sorted({condition for rule in rules for condition in rule["conditions"]})


def _objections(document: Data, category: str, purpose: str, recipient: str) -> list[str]:
    def touches(objection: Data, part: str, section: str, names: list[str]) -> bool:
        listed = objection[part]
        return listed == "any" or any(overlap(document, section, name, each) for name, each in product(names, listed))

    return [
        name
        for name, objection in document["objections"].items()
        if touches(objection, "data", "categories", [category])
        and touches(objection, "purposes", "purposes", [purpose])
        and touches(objection, "recipients", "recipients", [recipient, document["policy"]["controller"]])
    ]


def _sets(names: list[str]) -> list[tuple[str, ...]]:
    return list(chain.from_iterable(combinations(names, size) for size in range(len(names) + 1)))
