"""A policy said over again in Cedar, so that an engine that knows nothing of ours judges the same uses (DESIGN §4).

A use clause becomes a `permit` for the controller; each pair of a use clause and a rule that gives becomes one for processors and
one for everybody else. What stops a use before any rule is asked becomes a `forbid` that is named by the reason. The recipient is
Cedar's principal, the purpose its action, the data category its resource; what lies under what, instances and roles included, are
parents of entities, and Cedar's own `in` judges them. Only text is put together here: nothing is looked up, closed over or decided.

Cedar has no word for how an instance's id is spelt, and none for which of several rules came furthest. Uses that turn on the first
are not put to it, and of a denial by the rules only that it is one can be compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import cedarpy

from purposegate import Decision

Data = dict[str, Any]
Rule = tuple[str, int]  # the section of the document, and the place in it

# What stops a use before any rule is asked, in this order.
STOPS = (
    "not-in-force",
    "unknown-category",
    "unknown-purpose",
    "unknown-recipient",
    "unknown-channel",
    "subject-required",
    "channel-required",
)
_RECORDED = ("third_party", "joint_user")
_RECEIVING = (*_RECORDED, "data_subject")
# The parts of a rule: where their names are declared, and what Cedar calls them in a request and as entities.
_PARTS = {
    "data": ("categories", "resource", "Category"),
    "purposes": ("purposes", "action", "Action"),
    "recipients": ("recipients", "principal", "Recipient"),
}


@dataclass(frozen=True, slots=True)
class Judgment:
    """What Cedar says of one use: by which rules it is permitted, or what stopped it before they were asked."""

    permitted: bool
    granting: frozenset[Rule] = frozenset()
    stopped: str | None = None


class Cedar:
    """A policy's document in Cedar; under every class of recipients stand the instances that are named here."""

    def __init__(self, document: Data, instances: Sequence[str] = ("x1",)) -> None:
        self.document = document
        self._controller: str = document["policy"]["controller"]
        self._classes = frozenset(document["recipients"])
        self._instances = frozenset(instances)
        permits = [(_named(rules), rules, _permit(document, rules, roles)) for rules, roles in _permitting(document)]
        self._rules = {name: rules for name, rules, _ in permits}
        self.text = "\n\n".join([*_forbids(document), *(text for _, _, text in permits)])
        self._policies = cedarpy.PolicySet.from_str(self.text)
        self._entities = cedarpy.Entities.from_json_str(json.dumps(list(_entities(document, instances))))

    def knows(self, recipient: str | None) -> bool:
        """Tell whether a recipient can be put to Cedar: not where it is a declared class with an id that is no entity."""
        declared, slash, instance = (recipient or self._controller).partition("/")
        return not slash or declared not in self._classes or instance in self._instances

    def judge(self, cases: Iterable[tuple[Data, Data]]) -> list[Judgment]:
        """Judge uses, each with what is known of it; raise `ValueError` where Cedar could not evaluate a policy."""
        requests = [self._request(use, context) for use, context in cases]
        return [self._judgment(result) for result in cedarpy.is_authorized_batch(requests, self._policies, self._entities)]

    def _request(self, use: Data, context: Data) -> Data:
        known = {
            "at": {"__extn": {"fn": "datetime", "arg": f"{context['at'].astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}},
            "shown": list(context["shown"]),
            "objections": list(context["objections"]),
            "consulted": context["consulted"],
            "registered": context["registered"],
        }
        return {
            "principal": {"type": "Recipient", "id": use["recipient"] or self._controller},
            "action": {"type": "Action", "id": use["purpose"]},
            "resource": {"type": "Category", "id": use["data_category"]},
            # Cedar knows no null: what a use does not name is left out.
            "context": known | {part: use[part] for part in ("channel", "subject") if use[part] is not None},
        }

    def _judgment(self, result: cedarpy.AuthzResult) -> Judgment:
        if result.diagnostics.errors:  # Cedar passes over a policy that fails, which would look like a denial
            raise ValueError("\n".join(result.diagnostics.errors))
        names = set(result.diagnostics.id_annotations_by_reason.values())
        if result.allowed:
            return Judgment(permitted=True, granting=frozenset(rule for name in names for rule in self._rules[name]))
        return Judgment(permitted=False, stopped=next((reason for reason in STOPS if reason in names), None))


def difference(document: Data, judgment: Judgment, decision: Decision) -> str | None:
    """Tell in which way a decision is not what Cedar says; None where it is, as far as Cedar can say it."""
    if judgment.permitted != decision.permitted:
        by = _named(sorted(judgment.granting)) if judgment.permitted else judgment.stopped or "the rules"
        return f"Cedar {'permits' if judgment.permitted else 'denies'} it, by {by}"
    if judgment.permitted:
        granting = sorted(
            (document[section][place]["clause"], document[section][place]["quote"]) for section, place in judgment.granting
        )
        cited = sorted((citation.clause, citation.quote) for citation in decision.citations)
        return None if granting == cited else f"Cedar permits it by {granting}, not by {cited}"
    stopped = decision.reason.value if decision.reason in STOPS else None
    return None if judgment.stopped == stopped else f"Cedar stops it for {judgment.stopped or 'no reason but the rules'}"


def _permitting(document: Data) -> Iterator[tuple[tuple[Rule, ...], tuple[str, ...]]]:
    """Give which rules permit together, and the recipients' roles that they permit for."""
    provisions = [("provisions", place) for place in range(len(document["provisions"]))]
    exceptions = [("exceptions", place) for place in range(len(document["exceptions"]))]
    for place, clause in enumerate(document["uses"]):
        opener = ("uses", place)
        if not clause.get("provision_only"):
            yield (opener,), ("controller",)
            yield from (((opener, given), ("processor",)) for given in provisions)
        yield from (((opener, given), _RECEIVING) for given in (*provisions, *exceptions))


def _named(rules: Iterable[Rule]) -> str:
    return " + ".join(f"{section} {place}" for section, place in rules)


def _permit(document: Data, rules: tuple[Rule, ...], roles: tuple[str, ...]) -> str:
    opener, *given = (document[section][place] for section, place in rules)
    granting = given[0] if roles == _RECEIVING else opener
    return _policy(
        "permit",
        _named(rules),
        # What most uses fail by stands first: Cedar tries every policy, and leaves one at the first clause that does not hold.
        *_covering(opener, document, "purposes"),
        _when(_role(roles)),
        *_covering(opener, document, "data"),
        *(line for rule in given for line in _covering(rule, document, *_PARTS)),
        *(_when(f"context.shown.containsAll({json.dumps(rule['conditions'])})") for rule in (opener, *given)),
        *(_when(_fits(rule["channels"])) for rule in given if rule["channels"] != "any"),
        *(
            _unless(f"context.objections.contains({json.dumps(name)})", *_touching(objection, document, roles))
            for name, objection in document["objections"].items()
            if granting["clause"] not in objection["exempt"]
        ),
    )


def _covering(rule: Data, document: Data, *parts: str) -> Iterator[str]:
    for part in parts:
        yield _when(_under(part, rule[part]))
        yield from (_unless(_overlapping(part, name, document)) for name in rule.get("except", {}).get(part, ()))


def _touching(objection: Data, document: Data, roles: tuple[str, ...]) -> Iterator[str]:
    for part in _PARTS:
        if objection[part] == "any":
            continue
        asked = [_PARTS[part][1]]
        if part == "recipients" and roles == ("processor",):
            asked.append(_entity("Recipient", document["policy"]["controller"]))
        yield _any_of(_overlapping(part, name, document, each) for each in asked for name in objection[part])


def _under(part: str, names: list[str] | Literal["any"]) -> str:
    _, asked, kind = _PARTS[part]
    return f"{asked} in {_entity(f'Declared::{kind}', 'any') if names == 'any' else _set(kind, names)}"


def _overlapping(part: str, name: str, document: Data, asked: str | None = None) -> str:
    """Say that something lies under both: a declared name, or, as nothing declared lies under an instance, the instance itself."""
    section, default, kind = _PARTS[part]
    one, other = asked or default, _entity(kind, name)
    between = [_entity(kind, each) for each in document[section]]
    return _any_of([f"{one} in {other}", *(f"{each} in {one} && {each} in {other}" for each in between)])


def _fits(channels: list[str]) -> str:
    return f"if context has channel then {json.dumps(channels)}.contains(context.channel) else !context.consulted"


def _forbids(document: Data) -> Iterator[str]:
    """Say what stops a use before any rule is asked; what is not declared lies under nothing."""
    if "effective" in document["policy"]:
        yield _policy("forbid", "not-in-force", _when(f'context.at < datetime("{_begins(document)}")'))
    yield _policy("forbid", "unknown-category", _unless(_under("data", "any")))
    yield _policy("forbid", "unknown-purpose", _unless(_under("purposes", "any")))
    instance = f"principal in {_entity('Declared::Instance', 'any')}"
    yield _policy("forbid", "unknown-recipient", _unless(_under("recipients", "any")))
    yield _policy("forbid", "unknown-recipient", _when(instance, _role(("controller", "data_subject"))))
    unnamed = _when("context.consulted", _role((*_RECORDED, "processor")))
    yield _policy("forbid", "unknown-recipient", unnamed, _unless(instance, "context.registered"))
    channels = json.dumps(list(document["channels"]))
    yield _policy("forbid", "unknown-channel", _when("context has channel", f"!{channels}.contains(context.channel)"))
    yield _policy("forbid", "subject-required", _when("context.consulted"), _unless("context has subject"))
    yield _policy("forbid", "channel-required", _when("context.consulted", _role(_RECORDED)), _unless("context has channel"))


def _begins(document: Data) -> str:
    zone = ZoneInfo(document.get("amendments", {}).get("time_zone", "UTC"))
    begins = datetime.fromisoformat(document["policy"]["effective"]).replace(tzinfo=zone)
    return f"{begins:%Y-%m-%dT%H:%M:%S%z}"


def _entities(document: Data, instances: Sequence[str]) -> Iterator[Data]:
    for section, _, kind in _PARTS.values():
        for name, declared in document[section].items():
            parent = declared.get("parent", [])
            above = [(kind, each) for each in ([parent] if isinstance(parent, str) else parent)]
            roles = [("Role", declared["role"])] if "role" in declared else []
            yield _entity_of((kind, name), [(f"Declared::{kind}", "any"), *above, *roles])
            if kind == "Recipient":
                for instance in instances:
                    yield _entity_of((kind, f"{name}/{instance}"), [("Declared::Instance", "any"), (kind, name)])


def _entity_of(uid: tuple[str, str], parents: list[tuple[str, str]]) -> Data:
    return {"uid": _uid(*uid), "attrs": {}, "parents": [_uid(*parent) for parent in parents]}


def _uid(kind: str, name: str) -> Data:
    return {"type": kind, "id": name}


def _entity(kind: str, name: str) -> str:
    return f"{kind}::{json.dumps(name)}"


def _set(kind: str, names: Sequence[str]) -> str:
    entities = [_entity(kind, name) for name in names]
    return entities[0] if len(entities) == 1 else f"[{', '.join(entities)}]"


def _role(roles: Sequence[str]) -> str:
    return f"principal in {_set('Role', roles)}"


def _any_of(terms: Iterable[str]) -> str:
    return f"({' || '.join(terms)})"


def _when(*terms: str) -> str:
    return f"when {{ {' && '.join(terms)} }}"


def _unless(*terms: str) -> str:
    return f"unless {{ {' && '.join(terms)} }}"


def _policy(effect: str, name: str, *clauses: str) -> str:
    return "\n".join((f"@id({json.dumps(name)})", f"{effect} (principal, action, resource)", *clauses)) + ";"
