"""The comparison of two policies tells every use that one permits and the other does not, in every situation, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain, combinations, product
from typing import Any

from builders import a_policy, an_objection
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from strategies import documents

from purposegate import Context, Engine, Standing, Use
from purposegate.tools.comparing import Change, Gain, Told, differences, widest
from purposegate.tools.ways import Situation, asked

Cell = tuple[Use, Standing]
LAST = datetime.max.replace(tzinfo=UTC)


def all_cells(*engines: Engine) -> Iterator[Cell]:
    """Every use of names that one of the policies declares, with and without its person's standing consulted."""
    policies = [engine.policy for engine in engines]
    names = [
        dict.fromkeys(chain(*each)) for each in zip(*((p.categories, p.purposes, p.recipients) for p in policies), strict=True)
    ]
    channels = dict.fromkeys((None, *chain(*(policy.channels for policy in policies))))
    recipients = [each for name in names[2] for each in (name, f"{name}/x")]
    for category, purpose, recipient, channel, standing in product(names[0], names[1], recipients, channels, Standing):
        yield Use(category, purpose, recipient, channel=channel), standing


def all_situations(*engines: Engine) -> list[Situation]:
    conditions = dict.fromkeys(chain(*(engine.policy.conditions.items() for engine in engines)))
    objections = dict.fromkeys(chain(*(engine.policy.objections for engine in engines)))
    return [Situation(shown, against) for shown, against in product(subsets(conditions), subsets(objections))]


def subsets(names: Any) -> list[frozenset[Any]]:
    return [frozenset(each) for size in range(len(names) + 1) for each in combinations(names, size)]


def by_brute_force(before: Engine, after: Engine, cell: Cell) -> set[tuple[Change, Situation]]:
    """The situations in which a use is permitted by one policy alone."""
    use, standing = asked(*cell), cell[1]
    found = set()
    everything = [Context(LAST, frozenset(each.policy.conditions), standing=standing, registered=True) for each in (before, after)]
    if not any(engine.decide(use, context) for engine, context in zip((before, after), everything, strict=True)):
        return set()  # what is denied with everything shown and nothing objected to is denied in every situation (law 3)
    for situation in all_situations(before, after):
        old, new = (engine.decide(use, situation.context(engine, standing)).permitted for engine in (before, after))
        if old is not new:
            found.add((Change.WIDENED if new else Change.NARROWED, situation))
    return found


def as_told(before: Engine, after: Engine) -> dict[Cell, list[Gain]]:
    """What the comparison says of each use."""
    told: dict[Cell, list[Gain]] = {}
    for found in differences(before, after):
        for category, purpose, recipient, gain in product(found.categories, found.purposes, found.recipients, found.gains):
            told.setdefault((Use(category, purpose, recipient.asked, channel=gain.channel), gain.standing), []).append(gain)
    return told


def covers(gain: Gain, change: Change, situation: Situation) -> bool:
    way = gain.way
    return gain.change is change and way.conditions <= situation.conditions and not way.defeated_by & situation.objections


def disagreements(before: Engine, after: Engine) -> Iterator[str]:
    """Where the comparison and brute force do not say the same."""
    told = as_told(before, after)
    for cell in all_cells(before, after):
        found, gains = by_brute_force(before, after, cell), told.pop(cell, [])
        for change, situation in found:
            if not any(covers(gain, change, situation) for gain in gains):
                yield f"{cell}: {change} in {situation}, and not told"
        for gain in gains:
            if (gain.change, gain.situation) not in found:
                yield f"{cell}: {gain} is told, and is not so"
            others = [each for each in gains if each is not gain]
            if any(covers(other, gain.change, gain.situation) for other in others):
                yield f"{cell}: {gain} is told twice"
            for smaller in smaller_than(gain.situation):
                if (gain.change, smaller) in found and not any(covers(other, gain.change, smaller) for other in others):
                    yield f"{cell}: {gain} is told, and {smaller} would do"
    yield from (f"{cell} is told, and is no use" for cell in told)


def smaller_than(situation: Situation) -> Iterator[Situation]:
    """The situations with one condition or one objection fewer."""
    for condition in situation.conditions:
        yield situation._replace(conditions=situation.conditions - {condition})
    for objection in situation.objections:
        yield situation._replace(objections=situation.objections - {objection})


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw a policy and another one: what was made of it by a few edits, or a wholly different one."""
    one, other = draw(documents()), draw(documents())
    if draw(st.integers(0, 3)) == 0:
        return one, other
    edited = dict(one)
    for section in draw(st.lists(st.sampled_from(["uses", "provisions", "exceptions"]), min_size=1, max_size=2, unique=True)):
        rules = [dict(rule) for rule in one[section]]
        if rules:
            rule = rules[draw(st.integers(0, len(rules) - 1))]
            edit = draw(st.sampled_from(["drop", "conditions", "channels", "data", "clause", "except"]))
            if edit == "drop":
                rules.remove(rule)
            elif edit == "conditions":
                rule["conditions"] = draw(st.lists(st.sampled_from(sorted(one["conditions"])), max_size=2, unique=True))
            elif edit == "channels" and "channels" in rule:
                rule["channels"] = draw(st.sampled_from(["any", ["post"], ["web"]]))
            elif edit == "data":
                rule["data"] = "any"
            elif edit == "clause":
                rule["clause"] = draw(st.sampled_from(["1", "2", "3", "4"]))
            else:
                rule.pop("except", None)
        edited[section] = rules
    if draw(st.booleans()):
        more = {"o9": an_objection(data=draw(st.sampled_from(["any", ["c0"]])))}
        one, edited = draw(st.permutations([one, edited | {"objections": one["objections"] | more}]))
    if draw(st.integers(0, 3)) == 0:
        edited["channels"] = {"post": {}, "web": {}, "mail": {}}
    if draw(st.integers(0, 3)) == 0:
        edited["conditions"] = one["conditions"] | {"claimed": {"shown_by": "fact"}}
    if draw(st.integers(0, 3)) == 0:
        edited["categories"] = one["categories"] | {"c9": {"parent": "c0"}}
    pair = without_idle_exemptions(one), without_idle_exemptions(edited)
    return pair if draw(st.booleans()) else pair[::-1]


def without_idle_exemptions(document: dict[str, Any]) -> dict[str, Any]:
    """Drop exemptions of clauses that no rule cites any more: the reader refuses them."""
    clauses = {rule["clause"] for section in ("uses", "provisions", "exceptions") for rule in document[section]}
    objections = {
        name: objection | {"exempt": [clause for clause in objection["exempt"] if clause in clauses]}
        for name, objection in document["objections"].items()
    }
    return document | {"objections": objections}


def test_it_agrees_with_brute_force_on_every_use_in_every_situation() -> None:
    reached: set[tuple[Change, bool]] = set()

    @settings(max_examples=settings().max_examples // 3, phases=[Phase.generate])
    @given(pairs())
    def agrees(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
        before, after = (Engine(a_policy(document)) for document in pair)
        assert list(disagreements(before, after)) == []
        reached.update((gain.change, bool(gain.objections)) for found in differences(before, after) for gain in found.gains)

    agrees()

    assert reached == set(product((Change.WIDENED, Change.NARROWED), (False, True)))


def untold(before: Engine, after: Engine) -> Iterator[str]:
    """What differs and lies under no use that is told with as little shown and lodged."""
    told = list(widest(before, after, differences(before, after)))
    for (use, _), gains in as_told(before, after).items():
        for gain in gains:
            permits = after if gain.change is Change.WIDENED else before
            if not any(
                each.gain.change is gain.change
                and each.gain.way.conditions <= gain.way.conditions
                and each.gain.objections <= gain.objections
                and lies_under(permits, use, each)
                for each in told
            ):
                yield f"{use}: {gain}"


def lies_under(engine: Engine, use: Use, told: Told) -> bool:
    same = use.recipient == told.recipient.asked
    recipients: Any = "any" if same else () if told.recipient.instance else (told.recipient.name,)
    return engine.within(use, data=(told.data_category,), purposes=(told.purpose,), recipients=recipients)


def test_all_that_differs_lies_under_what_is_told() -> None:
    @settings(phases=[Phase.generate])
    @given(pairs())
    def lies(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
        assert list(untold(*(Engine(a_policy(document)) for document in pair))) == []

    lies()
