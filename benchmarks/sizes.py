"""Policies of any size that look like real ones, the same for everybody: what growth is measured on.

A company of n provisions has categories, purposes and recipient classes in hierarchies three names deep, which grow with it; use
clauses open each purpose and all under it for everything; each provision gives a few categories for one or two purposes to one or
two classes of recipients, one in ten of them on a condition. A plain policy has neither hierarchies nor conditions, so that any
engine of access rules can say it.
"""

from __future__ import annotations

import random
import sys
from itertools import product
from typing import Any

PROSE = "We use your data to serve you. We give them to those who help us."
_USE_QUOTE, _QUOTE = "We use your data to serve you.", "We give them to those who help us."
_CHILDREN = 8
_ON_CONDITION = 10
_SECTIONS = ("categories", "purposes", "recipients")

Triple = tuple[str, str, str]


def a_policy_of(provisions: int, *, plain: bool = False) -> dict[str, Any]:
    """Give a policy with so many provisions as plain data, as a file of it would hold."""
    chance = random.Random(provisions)  # noqa: S311 - the same policy for everybody, and no secret
    categories = _tree("category", min(2_000, 16 + provisions // 50), plain=plain)
    purposes = _tree("purpose", min(400, 8 + provisions // 100), plain=plain)
    recipients = _tree("recipient", min(4_000, 8 + provisions // 25), plain=plain, role="third_party")
    data, reasons, receivers = list(categories), list(purposes), list(recipients)
    return {
        "purposegate": 1,
        "policy": {
            "id": "large",
            "title": "Privacy policy",
            "controller": "company",
            "revision": "1",
            "contact": "the company",
            "prose": "large.txt",
        },
        "categories": categories,
        "purposes": purposes,
        "recipients": {"company": {"role": "controller"}} | recipients,
        "channels": {"website": {}, "email": {}, "post": {}},
        "conditions": {"consent": {"shown_by": "consent"}},
        "uses": [
            {"clause": f"3({number})", "quote": _USE_QUOTE, "purposes": [purpose], "data": "any", "conditions": []}
            for number, (purpose, entry) in enumerate(purposes.items(), start=1)
            if "parent" not in entry
        ],
        "provisions": [
            {
                "clause": f"4({number})",
                "quote": _QUOTE,
                "recipients": chance.sample(receivers, chance.randint(1, 2)),
                "purposes": chance.sample(reasons, chance.randint(1, 2)),
                "data": chance.sample(data, chance.randint(1, 5)),
                "channels": chance.choice(["any", ["website"], ["website", "email"]]),
                "conditions": ["consent"] if number % _ON_CONDITION == 0 and not plain else [],
            }
            for number in range(1, provisions + 1)
        ],
    }


def permitted_triples(document: dict[str, Any], count: int) -> list[Triple]:
    """Give at most so many distinct triples that are permitted as the policy is written, without anything shown."""
    found = dict.fromkeys(
        (category, purpose, recipient)
        for provision in document["provisions"]
        if not provision["conditions"]
        for category in provision["data"]
        for purpose in provision["purposes"]
        for recipient in provision["recipients"]
    )
    triples = list(found)
    random.Random(count).shuffle(triples)  # noqa: S311 - as above
    return triples[:count]


def as_block_yaml(document: dict[str, Any]) -> str:
    """Write a policy as people do: an entry a line, a rule in a block."""
    lines = [f"purposegate: {document['purposegate']}", "policy:"]
    lines += [f"  {key}: {value}" for key, value in document["policy"].items()]
    for section in ("categories", "purposes", "recipients", "channels", "conditions"):
        lines.append(f"{section}:")
        lines += [f"  {name}: {_flow(entry)}" for name, entry in document[section].items()]
    for section in ("uses", "provisions"):
        lines.append(f"{section}:")
        for rule in document[section]:
            first, *rest = rule.items()
            lines.append(f"  - {first[0]}: {_flow(first[1])}")
            lines += [f"    {key}: {_flow(value)}" for key, value in rest]
    return "\n".join(lines) + "\n"


def denied_triples(document: dict[str, Any], count: int) -> list[Triple]:
    """Give at most so many distinct triples of declared names that are denied as the policy is written, with nothing shown.

    They are those of which no provision without conditions lists the names or what they lie under.
    """
    permitted = frozenset(permitted_triples(document, sys.maxsize))
    chance = random.Random(count)  # noqa: S311 - as above
    names = [list(document[section]) for section in _SECTIONS]
    names[2] = names[2][1:]  # not the controller
    above = {section: {name: _and_above(document[section], name) for name in document[section]} for section in _SECTIONS}
    found: dict[Triple, None] = {}
    for _ in range(100 * count):  # small policies hold fewer
        triple = chance.choice(names[0]), chance.choice(names[1]), chance.choice(names[2])
        listed = product(*(above[section][name] for section, name in zip(_SECTIONS, triple, strict=True)))
        if permitted.isdisjoint(listed):
            found[triple] = None
        if len(found) == count:
            break
    return list(found)


def _and_above(entries: dict[str, Any], name: str) -> list[str]:
    """Give a name and all that it lies under."""
    names = [name]
    while "parent" in entries[names[-1]]:
        names.append(entries[names[-1]]["parent"])
    return names


def _tree(word: str, count: int, *, plain: bool, **root: str) -> dict[str, Any]:
    """Give names of which the first eighth are roots, or all; the others lie under an earlier one, at most two above them."""
    roots = count if plain else max(1, count // _CHILDREN)
    return {
        f"{word}_{number}": dict(root) if number < roots else {"parent": f"{word}_{(number - roots) // _CHILDREN}"}
        for number in range(count)
    }


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    return f"[{', '.join(map(_flow, value))}]" if isinstance(value, list) else str(value)
