"""Generated policies, uses and contexts: small, and with everything that the format knows."""

from __future__ import annotations

from typing import Any

from builders import a_document
from hypothesis import strategies as st
from spec import role_of

CLAUSES = ["1", "2", "3", "4"]
CHANNELS = ["post", "web"]
CONDITIONS = ["consent", "claimed", "true_fact"]
SHOWN_BY = {"consent": "consent", "claimed": "claim", "true_fact": "fact"}
ROLES = ["processor", "joint_user", "third_party", "data_subject"]


@st.composite
def _graph(draw: st.DrawFn, letter: str, most: int, *, several: bool) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for index in range(draw(st.integers(1, most))):
        earlier = sorted(names)
        parents = draw(st.lists(st.sampled_from(earlier), max_size=2 if several else 1, unique=True)) if earlier else []
        names[f"{letter}{index}"] = ({"parent": parents if several else parents[0]}) if parents else {}
    return names


@st.composite
def _recipients(draw: st.DrawFn) -> dict[str, Any]:
    names: dict[str, Any] = {"shop": {"role": "controller"}}
    for index in range(draw(st.integers(1, 5))):
        parent = draw(st.sampled_from([None, None, *names]))
        names[f"r{index}"] = {"role": draw(st.sampled_from(ROLES))} if parent is None else {"parent": parent}
    return names


def _scope(names: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.just("any"), st.lists(st.sampled_from(sorted(names)), min_size=1, max_size=3, unique=True))


@st.composite
def _rule(draw: st.DrawFn, names: dict[str, dict[str, Any]], *, gives: bool) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "clause": draw(st.sampled_from(CLAUSES)),
        "quote": "x",
        "data": draw(_scope(names["data"])),
        "purposes": draw(_scope(names["purposes"])),
        "conditions": draw(st.lists(st.sampled_from(CONDITIONS), max_size=2, unique=True)),
    }
    keys = ["data", "purposes"]
    if gives:
        rule["recipients"] = draw(_scope(names["recipients"]))
        rule["channels"] = draw(st.one_of(st.just("any"), st.lists(st.sampled_from(CHANNELS), min_size=1, unique=True)))
        keys.append("recipients")
    elif draw(st.booleans()):
        rule["provision_only"] = draw(st.booleans())
    if draw(st.booleans()):
        key = draw(st.sampled_from(keys))
        rule["except"] = {key: draw(st.lists(st.sampled_from(sorted(names[key])), min_size=1, max_size=2, unique=True))}
    return rule


def _objection(names: dict[str, dict[str, Any]], clauses: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "clause": st.just("6"),
            "quote": st.just("x"),
            "data": _scope(names["data"]),
            "purposes": _scope(names["purposes"]),
            "recipients": _scope(names["recipients"]),
            "exempt": st.lists(st.sampled_from(clauses), max_size=2, unique=True) if clauses else st.just([]),
        }
    )


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    names = {
        "data": draw(_graph("c", 5, several=True)),
        "purposes": draw(_graph("p", 4, several=False)),
        "recipients": draw(_recipients()),
    }
    uses = draw(st.lists(_rule(names, gives=False), min_size=draw(st.integers(0, 3)), max_size=4))
    provisions = draw(st.lists(_rule(names, gives=True), min_size=draw(st.integers(0, 3)), max_size=4))
    exceptions = draw(st.lists(_rule(names, gives=True), max_size=3))
    clauses = sorted({rule["clause"] for rule in (*uses, *provisions, *exceptions)})
    objections = draw(st.lists(_objection(names, clauses), max_size=2))
    header = {"effective": "2999-01-01"} if draw(st.integers(0, 19)) == 7 else {}
    return a_document(
        policy=header,
        categories=names["data"],
        purposes=names["purposes"],
        recipients=names["recipients"],
        channels={channel: {} for channel in CHANNELS},
        conditions={name: {"shown_by": by} for name, by in SHOWN_BY.items()},
        uses=uses,
        provisions=provisions,
        exceptions=exceptions,
        objections={f"o{index}": objection for index, objection in enumerate(objections)},
    )


def uses_of(document: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw a use: mostly of declared names, of instances, and now and then of names that nobody declared."""
    classes = sorted(document["recipients"])
    instances = [f"{name}/x1" for name in classes if role_of(document, f"{name}/x1")]
    strange = ["shop/x1", "unheard_of", "unheard_of/x1", "r0/", "r0/X", "r0/x/y"]
    return st.fixed_dictionaries(
        {
            "data_category": _mostly(sorted(document["categories"]), ["unheard_of"]),
            "purpose": _mostly(sorted(document["purposes"]), ["unheard_of"]),
            "recipient": _mostly([None, *classes, *instances, *instances, *instances], strange),
            "channel": _mostly([None, *CHANNELS], ["pigeon"]),
            "subject": _mostly(["s1"], [None]),
        }
    )


def _mostly(usual: list[Any], unusual: list[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 11).flatmap(lambda die: st.sampled_from(unusual if die == 7 else usual))


def contexts_of(document: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw what is known when a use is judged."""
    return st.fixed_dictionaries(
        {
            "shown": st.lists(st.sampled_from(CONDITIONS), unique=True),
            "objections": st.lists(st.sampled_from(sorted(document["objections"])), unique=True)
            if document["objections"]
            else st.just([]),
            "consulted": st.integers(0, 3).map(lambda die: die == 2),
            "registered": _mostly([True], [False]),
            "too_early": st.just("effective" in document["policy"]),
        }
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """Draw a policy with some uses and contexts; every use is meant to be judged in every context."""
    document = draw(documents())
    uses = draw(st.lists(uses_of(document), min_size=6, max_size=12))
    return document, uses, draw(st.lists(contexts_of(document), min_size=2, max_size=3))
