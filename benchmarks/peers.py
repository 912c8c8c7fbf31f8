"""Other engines that a Python service could ask instead: the same policy and the same questions, put to each as its makers advise.

The policy has neither hierarchies nor conditions (see `sizes`), which most of them could not say. Each parses once and is asked
many times. Before anything is timed, each must give the right answer to every question of a mixed set.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any, Final

import casbin
import cedarpy
import regopy
import vakt
from casbin.model import FastModel, Model
from scale import in_memory
from sizes import Triple, a_policy_of, denied_triples, permitted_triples
from vakt.cache import create_cached_guard
from vakt.rules import Eq, In

from purposegate import Gate

SIZES: Final = (14, 100, 1_000, 10_000, 100_000)
_QUESTIONS = 200
_REMEMBERED = 16_384  # answers, as many as a gate keeps of instances
_BOX = 0.2  # seconds of one round of one engine
_BUILDING = 30.0  # seconds that building may take, and a decision
_DECIDING = 2.0
_NOISE = 0.02  # seconds too short to tell growth from
_GROWS = 10.0  # from one size to the next, and what is measured grows at least so

# Whether a category may be used for a purpose by a recipient.
Ask = Callable[[str, str, str], bool]
Document = dict[str, Any]
CASBIN_MODEL: Final = """
[request_definition]
r = recipient, purpose, category
[policy_definition]
p = recipient, purpose, category
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.recipient == p.recipient && r.purpose == p.purpose && r.category == p.category
"""
REGO_MODULE: Final = """package gate
default allow := false
allow if data.grants[input.recipient][input.purpose][input.category]
"""


@dataclass(frozen=True)
class Cost:
    """Microseconds a decision by one engine with so many provisions; None where it was left out, and then why."""

    engine: str
    provisions: int
    microseconds: float | None
    left_out: str = ""


def purposegate(document: Document) -> Ask:
    """Ask a gate, whose every answer is a whole decision with its clauses."""
    gate = Gate(in_memory(document))

    def ask(category: str, purpose: str, recipient: str) -> bool:
        return gate.decide(category, purpose, recipient).permitted

    return ask


def purposegate_first(document: Document) -> Ask:
    """Ask a gate that has never been asked the same, nor anything by the same rules: it forgets both after every answer."""
    gate = Gate(in_memory(document))
    table = gate._snapshot.settled  # noqa: SLF001 - to be forgotten
    cases = gate.engine._cases  # noqa: SLF001 - as above
    rules = gate.engine._rules  # noqa: SLF001 - as above

    def ask(category: str, purpose: str, recipient: str) -> bool:
        permitted = gate.decide(category, purpose, recipient).permitted
        table.clear()
        cases.clear()
        rules.clear()
        return permitted

    return ask


def a_dictionary(document: Document) -> Ask:
    """Ask a dictionary, which no policy can be made of."""
    table = dict.fromkeys(_granted(document), True)

    def ask(category: str, purpose: str, recipient: str) -> bool:
        return table.get((category, purpose, recipient), False)

    return ask


def cedar_policies(document: Document) -> Ask:
    """Ask Cedar, a `permit` for each provision."""
    text = "\n".join(
        f"permit(principal, action in {_cedar('Action', rule['purposes'])}, resource) "
        f"when {{ principal in {_cedar('Recipient', rule['recipients'])} && resource in {_cedar('Category', rule['data'])} }};"
        for rule in document["provisions"]
    )
    return _asking_cedar(cedarpy.PolicySet.from_str(text), cedarpy.Entities.from_json_str("[]"))


def cedar_tags(document: Document) -> Ask:
    """Ask Cedar, one `permit` for all: what a recipient is given for a purpose is a tag of its entity."""
    given: dict[str, dict[str, set[str]]] = {}
    for category, purpose, recipient in _granted(document):
        given.setdefault(recipient, {}).setdefault(purpose, set()).add(category)
    entities = [
        {
            "uid": {"type": "Recipient", "id": recipient},
            "attrs": {},
            "parents": [],
            "tags": {purpose: sorted(categories) for purpose, categories in tags.items()},
        }
        for recipient, tags in given.items()
    ]
    text = (
        "permit(principal, action, resource) when { principal.hasTag(context.purpose) "
        "&& principal.getTag(context.purpose).contains(context.category) };"
    )
    return _asking_cedar(cedarpy.PolicySet.from_str(text), cedarpy.Entities.from_json_str(json.dumps(entities)))


def casbin_enforcer(document: Document) -> Ask:
    """Ask casbin's Enforcer, a policy line for each triple."""
    model = Model()
    model.load_model_from_text(CASBIN_MODEL)
    return _asking_casbin(casbin.Enforcer(model, _lines(document)))


def casbin_fast_enforcer(document: Document) -> Ask:
    """Ask casbin's FastEnforcer, which looks up the lines of a recipient and a purpose."""
    model = FastModel([0, 1])
    model.load_model_from_text(CASBIN_MODEL)
    return _asking_casbin(casbin.FastEnforcer(model, _lines(document), cache_key_order=[0, 1]))


def rego(document: Document) -> Ask:
    """Ask Rego through regopy: the grants are data, one rule looks them up, and both are compiled into a bundle beforehand."""
    grants: dict[str, dict[str, dict[str, bool]]] = {}
    for category, purpose, recipient in _granted(document):
        grants.setdefault(recipient, {}).setdefault(purpose, {})[category] = True
    builder, interpreter = regopy.Interpreter(), regopy.Interpreter()
    builder.add_module("gate", REGO_MODULE)
    builder.add_data({"grants": grants})
    bundle = builder.build("data.gate.allow", ["gate/allow"])

    def ask(category: str, purpose: str, recipient: str) -> bool:
        interpreter.set_input({"category": category, "purpose": purpose, "recipient": recipient})
        expressions = interpreter.query_bundle_entrypoint(bundle, "gate/allow").results[0].expressions
        return bool(expressions and expressions[0])

    return ask


def vakt_guard(document: Document) -> Ask:
    """Ask vakt's Guard, a policy object for each provision in its memory storage."""
    storage = vakt.MemoryStorage()
    return _asking_vakt(vakt.Guard(storage, vakt.RulesChecker()), storage, document)


def vakt_cached_guard(document: Document) -> Ask:
    """Ask vakt's Guard with its cache of answers, which is large enough for all that is asked."""
    guard, storage, _ = create_cached_guard(vakt.MemoryStorage(), vakt.RulesChecker(), maxsize=_REMEMBERED)
    return _asking_vakt(guard, storage, document)


ENGINES: Final[dict[str, Callable[[Document], Ask]]] = {
    "a bare dictionary": a_dictionary,
    "purposegate": purposegate,
    "purposegate, asked for the first time": purposegate_first,
    "cedarpy, entity tags": cedar_tags,
    "cedarpy, policies": cedar_policies,
    "casbin FastEnforcer": casbin_fast_enforcer,
    "casbin Enforcer": casbin_enforcer,
    "regopy": rego,
    "vakt": vakt_guard,
    "vakt, cached guard": vakt_cached_guard,
}


def measured(rounds: int) -> Iterator[Cost]:
    """Check every engine's answers and measure it, size by size; raise `RuntimeError` for a wrong answer.

    An engine is left out of a size of which its last two tell that building it or a decision would take too long.
    """
    spent: dict[str, list[tuple[float, float]]] = {}
    for size in SIZES:
        document = a_policy_of(size, plain=True)
        questions = _questions(document)
        asks: dict[str, Ask] = {}
        for name, build in ENGINES.items():
            too_long = _too_long(spent.setdefault(name, []))
            if too_long:
                yield Cost(name, size, None, too_long)
                continue
            start = time.perf_counter()
            asks[name] = build(document)
            built = time.perf_counter() - start
            asked, deciding = _checked(name, asks[name], questions)
            spent[name].append((built, deciding))
            told = f"built in {built:.2f} s, right on {asked} of {len(questions)} questions"
            print(f"{name}, {size:,} provisions: {told}", file=sys.stderr)
        times: dict[str, list[float]] = {name: [] for name in asks}
        for _ in range(rounds):
            for name, ask in asks.items():
                times[name].append(_timed(ask, [triple for triple, _ in questions], spent[name][-1][1]))
        yield from (Cost(name, size, statistics.median(each) * 1e6) for name, each in times.items())


def _questions(document: Document) -> list[tuple[Triple, bool]]:
    """Give permitted and denied triples in turn."""
    permitted, denied = permitted_triples(document, _QUESTIONS // 2), denied_triples(document, _QUESTIONS // 2)
    return [each for pair in zip(permitted, denied, strict=False) for each in ((pair[0], True), (pair[1], False))]


def _too_long(spent: list[tuple[float, float]]) -> str:
    """Say what would take too long at the next size, by the growth up to here; nothing where it would not."""
    if not spent:
        return ""
    (built_before, _), (built, deciding) = ((0.0, 0.0), *spent)[-2:]
    building = built * max(_GROWS, built / built_before if built_before > _NOISE else 0.0)
    if building > _BUILDING:
        return f"building it would take some {building:.0f} s"
    if deciding * _GROWS > _DECIDING:
        return f"a decision would take some {deciding * _GROWS:.0f} s"
    return ""


def _checked(name: str, ask: Ask, questions: list[tuple[Triple, bool]]) -> tuple[int, float]:
    """Ask everything once, or as much as fits into some seconds; give how much, and the seconds of one decision asked again."""
    start = time.perf_counter()
    asked = 0
    for triple, expected in questions:
        if ask(*triple) is not expected:
            raise RuntimeError(f"{name} answers {not expected} to {triple}")
        asked += 1
        if time.perf_counter() - start > _BOX * 25:
            break
    start, again = time.perf_counter(), 0
    for triple, _ in questions[:asked]:
        ask(*triple)
        again += 1
        if time.perf_counter() - start > _BOX:
            break
    return asked, (time.perf_counter() - start) / again


def _timed(ask: Ask, triples: list[Triple], expected: float) -> float:
    """Give the seconds of one decision, over as many as fit into a round."""
    count = max(2, min(200_000, int(_BOX / expected)))
    asked = list(islice(cycle(triples), count))
    gc.collect()
    start = time.perf_counter()
    for category, purpose, recipient in asked:
        ask(category, purpose, recipient)
    return (time.perf_counter() - start) / count


def _granted(document: Document) -> list[Triple]:
    return permitted_triples(document, sys.maxsize)


def _cedar(kind: str, names: list[str]) -> str:
    return "[" + ", ".join(f'{kind}::"{name}"' for name in names) + "]"


def _asking_cedar(policies: cedarpy.PolicySet, entities: cedarpy.Entities) -> Ask:
    def ask(category: str, purpose: str, recipient: str) -> bool:
        request = {
            "principal": f'Recipient::"{recipient}"',
            "action": f'Action::"{purpose}"',
            "resource": f'Category::"{category}"',
            "context": {"purpose": purpose, "category": category},
        }
        return bool(cedarpy.is_authorized(request, policies, entities).allowed)

    return ask


def _lines(document: Document) -> casbin.StringAdapter:
    return casbin.StringAdapter(
        "\n".join(f"p, {recipient}, {purpose}, {category}" for category, purpose, recipient in _granted(document))
    )


def _asking_casbin(enforcer: Any) -> Ask:  # noqa: ANN401 - casbin has no types
    def ask(category: str, purpose: str, recipient: str) -> bool:
        return bool(enforcer.enforce(recipient, purpose, category))

    return ask


def _asking_vakt(guard: Any, storage: Any, document: Document) -> Ask:  # noqa: ANN401 - nor has vakt
    for number, rule in enumerate(document["provisions"]):
        subjects, actions, resources = (
            [In(*rule[key]) if len(rule[key]) > 1 else Eq(rule[key][0])] for key in ("recipients", "purposes", "data")
        )
        storage.add(vakt.Policy(number, effect=vakt.ALLOW_ACCESS, subjects=subjects, actions=actions, resources=resources))

    def ask(category: str, purpose: str, recipient: str) -> bool:
        return bool(guard.is_allowed(vakt.Inquiry(subject=recipient, action=purpose, resource=category)))

    return ask
