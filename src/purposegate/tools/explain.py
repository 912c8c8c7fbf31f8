"""The derivation of one decision as a tree of lines, down to the quotes and where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from purposegate.engine.decision import Citation
from purposegate.engine.judge import Derivation, Engine, Weighed
from purposegate.engine.lookups import NearMiss
from purposegate.engine.use import Context, Use
from purposegate.findings import listed
from purposegate.gate.violation import headline, hints

_MISSES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the tree and what lies under it."""

    text: str
    children: list[Node] = field(default_factory=list)


def explain(engine: Engine, use: Use, context: Context, *, every_miss: bool = False) -> Node:
    """Tell how a use is decided: what opens it, what provides it, what is lacking, and what would have been permitted."""
    derivation = engine.derive(use, context)
    decision = derivation.decision
    children = [Node(title, nodes) for title, nodes in _stages(engine, use, derivation) if nodes]
    if not decision.permitted:
        cited = [_citation(citation) for citation in decision.citations]
        if not children and cited:
            children.append(Node("the nearest clauses", cited))
        children += [Node(f"help: {hint}") for hint in hints(decision)]
        misses = engine.near_misses(use, context)
        shown = misses if every_miss else misses[:_MISSES_SHOWN]
        lines = [Node(_miss(miss)) for miss in shown]
        if len(misses) > len(shown):
            lines.append(Node(f"and {len(misses) - len(shown)} more; `--all` shows them"))
        if lines:
            children.append(Node("what would be permitted instead, the smallest change first", lines))
    elif decision.channels:
        children.append(Node(f"obligation: only through {listed(decision.channels, 'or')}"))
    return Node(headline(decision), children)


def _stages(engine: Engine, use: Use, derivation: Derivation) -> Iterator[tuple[str, list[Node]]]:
    chain = _chain(engine, use)
    yield "the names", chain
    yield "what opens the purpose for the data", [_weighed(weighed) for weighed in derivation.openers]
    yield "what provides it to the recipient", [_weighed(weighed) for weighed in derivation.provisions]
    yield "exceptions", [_weighed(weighed) for weighed in derivation.exceptions]


def _chain(engine: Engine, use: Use) -> list[Node]:
    policy = engine.policy
    recipient = policy.controller if use.recipient is None else use.recipient
    nodes = []
    for name, hierarchy, section in (
        (use.data_category, policy.categories, "categories"),
        (use.purpose, policy.purposes, "purposes"),
        (engine.class_of(recipient), policy.recipients, "recipients"),
    ):
        if name is not None and name in hierarchy:
            above = sorted(hierarchy.above(name) - {name})
            place = policy.place(section, name)
            nodes.append(Node(f"`{name}`{f' lies under {listed(above)}' if above else ''} ({place})"))
    return nodes


def _weighed(weighed: Weighed) -> Node:
    node = _citation(weighed.rule.citation)
    if weighed.grants:
        node.children.append(Node("applies"))
    if not weighed.fits:
        node.children.append(Node(f"does not apply: it lists the channels {listed(weighed.rule.channels or ())}"))
    if weighed.unmet:
        node.children.append(Node(f"does not apply: not shown: {listed(weighed.unmet)}"))
    if weighed.objections:
        node.children.append(Node(f"is defeated by the person's {listed(weighed.objections)}"))
    return node


def _citation(citation: Citation) -> Node:
    place = f" ({citation.location})" if citation.location else ""
    return Node(f"clause {citation.clause}: “{citation.quote}”{place}")


def _miss(miss: NearMiss) -> str:
    use = miss.use
    channel = f", through `{use.channel}`" if use.channel else ""
    conditions = f", with {listed(miss.conditions)} shown" if miss.conditions else ""
    return f"`{use.data_category}` for `{use.purpose}` by `{use.recipient or 'the controller'}`{channel}{conditions}"
