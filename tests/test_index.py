"""Finding rules without walking through all of them: none that covers a use is missing, and few that do not are looked at."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable
from typing import Any

import pytest
import spec
from builders import a_context, a_document, a_policy, a_provision, a_use_clause

from purposegate import Engine, Use
from purposegate.engine.rules import RuleIndex, covering, rule_of
from purposegate.policy.rules import Rules

Data = dict[str, Any]
CONDITIONS = ["consent", "paid", "signed"]
CHANNELS = ["post", "web"]


def drawn(names: list[Any], *seed: object) -> Any:
    """Draw one of some names, for a seed always the same."""
    return names[zlib.crc32(repr(seed).encode()) % len(names)]


def a_scope(names: list[str], *seed: object) -> Any:
    """Draw what a rule lists: mostly few names, now and then many or any."""
    count = drawn([1, 1, 1, 1, 2, 2, 3, 5, len(names), 0], "count", *seed)
    return sorted({drawn(names, index, *seed) for index in range(count)}) or "any"


def a_tree(letter: str, count: int, *, several: bool = False) -> Data:
    names: Data = {}
    for number in range(count):
        above = [drawn([f"{letter}{each}" for each in range(number)] or [""], letter, number, turn) for turn in range(2)]
        rooted = number < 2 or drawn([True, False, False, False], letter, number)
        names[f"{letter}{number}"] = {} if rooted else {"parent": sorted(set(above)) if several else above[0]}
    return names


def a_big_document(categories: int, purposes: int, recipients: int, count: int) -> Data:
    """Give a policy with hundreds of rules on few names."""
    roles = ["third_party", "processor", "joint_user", "data_subject"]
    tree = a_tree("r", recipients)
    names: dict[str, list[str]] = {
        "data": [f"c{number}" for number in range(categories)],
        "purposes": [f"p{number}" for number in range(purposes)],
        "recipients": ["shop", *tree],
    }

    def a_rule(section: str, number: int, keys: tuple[str, ...], clause: str) -> Data:
        rule: Data = {key: a_scope(names[key], section, number, key) for key in keys}
        if drawn([True, False, False, False], "except", section, number):
            key = drawn(list(keys), "excepted", section, number)
            rule["except"] = {key: [drawn(names[key], "out", section, number)]}
        some = drawn([[], [], [], ["consent"], ["paid", "signed"]], "conditions", section, number)
        return rule | {"clause": f"{clause}({number})", "quote": "x", "conditions": some}

    def a_gift(section: str, number: int, clause: str) -> Data:
        rule = a_rule(section, number, ("data", "purposes", "recipients"), clause)
        return rule | {"channels": drawn(["any", "any", ["post"], ["web", "post"]], "channels", section, number)}

    uses = [a_rule("uses", number, ("data", "purposes"), "1") for number in range(count // 2)]
    for number in range(0, len(uses), 5):
        uses[number]["provision_only"] = True
    return a_document(
        categories=a_tree("c", categories, several=True),
        purposes=a_tree("p", purposes),
        recipients={"shop": {"role": "controller"}}
        | {name: entry or {"role": roles[number % len(roles)]} for number, (name, entry) in enumerate(tree.items())},
        channels={name: {} for name in CHANNELS},
        conditions={name: {"shown_by": "fact"} for name in CONDITIONS},
        uses=uses,
        provisions=[a_gift("provisions", number, "2") for number in range(count)],
        exceptions=[a_gift("exceptions", number, "3") for number in range(count // 4)],
    )


def granting(document: Data, use: Use, shown: list[str]) -> list[str]:
    """Read naively which clauses grant a use that is permitted, in the order of the policy."""
    recipient = use.recipient or "shop"
    role = spec.role_of(document, recipient)

    def grants(rule: Data, **kinds: str) -> bool:
        names = {"data": use.data_category, "purposes": use.purpose, "recipients": recipient}
        return all(spec.covers(document, rule, key, kind, names[key]) for key, kind in kinds.items()) and (
            set(rule["conditions"]) <= set(shown)
            and (rule.get("channels", "any") == "any" or use.channel is None or use.channel in rule["channels"])
            and not (role in spec.ACTING and rule.get("provision_only"))
        )

    gifts = document["provisions"] + (document["exceptions"] if role != "processor" else [])
    return [
        *(rule["clause"] for rule in document["uses"] if grants(rule, data="categories", purposes="purposes")),
        *(
            rule["clause"]
            for rule in (gifts if role != "controller" else [])
            if grants(rule, data="categories", purposes="purposes", recipients="recipients")
        ),
    ]


@pytest.mark.parametrize(("categories", "purposes", "recipients"), [(30, 10, 9), (25, 2, 2), (3, 12, 3)])
def test_in_a_big_policy_a_use_is_granted_by_what_grants_it_when_every_rule_is_read(
    categories: int, purposes: int, recipients: int
) -> None:
    """The reason is the naive reading's, and a permit cites every clause that grants, in the order of the policy."""
    document = a_big_document(categories, purposes, recipients, 120)
    engine = Engine(a_policy(document))
    classes = [
        None,
        *document["recipients"],
        *(f"{name}/x" for name in document["recipients"] if spec.role_of(document, f"{name}/x")),
    ]

    permitted = 0
    for number in range(30):
        use = Use(
            drawn(list(document["categories"]), "c", number),
            drawn(list(document["purposes"]), "p", number),
            drawn(classes, "r", number),
            channel=drawn([None, *CHANNELS], "channel", number),
        )
        shown = CONDITIONS[: number % 4]
        decision = engine.decide(use, a_context(shown))
        parts = {"data_category": use.data_category, "purpose": use.purpose, "recipient": use.recipient, "channel": use.channel}
        known = {"shown": shown, "objections": [], "consulted": False, "registered": False, "too_early": False}
        assert decision.reason == spec.verdict(document, parts | {"subject": None}, known)
        if decision:
            permitted += 1
            assert [citation.clause for citation in decision.citations] == granting(document, use, shown)

    assert permitted >= 10


# --- the index itself -----------------------------------------------------------------------------------------------------------


def rules_of(provisions: list[Data], **parts: Any) -> Rules:
    return a_policy(uses=[], provisions=provisions, **parts).rules


def test_rules_are_found_by_each_pair_of_names_that_they_list_and_by_any() -> None:
    provisions = [
        a_provision(purposes=["p1", "p2"], recipients=["r1", "r2"]),
        a_provision(purposes=["p1"], recipients=["r2"]),
        a_provision(purposes="any", recipients=["r1"]),
        a_provision(purposes=["p2"], recipients="any"),
        a_provision(purposes="any", recipients="any"),
        a_provision(purposes=["p0"], recipients=["shop"]),
        a_provision(purposes=["p2", "p0"], recipients=["r2", "shop"]),
    ]
    rules = rules_of(
        provisions,
        purposes={f"p{number}": {} for number in range(3)},
        recipients={"shop": {"role": "controller"}, "r1": {"role": "third_party"}, "r2": {"role": "third_party"}},
    )
    index = RuleIndex(rules, range(len(rules)))

    listed = {(purpose, recipient): index.listing([purpose], [recipient]) for purpose in range(3) for recipient in range(3)}

    assert listed == {
        (0, 0): [4, 5, 6],
        (0, 1): [2, 4],
        (0, 2): [4, 6],
        (1, 0): [4],
        (1, 1): [0, 2, 4],
        (1, 2): [0, 1, 4],
        (2, 0): [3, 4, 6],
        (2, 1): [0, 2, 3, 4],
        (2, 2): [0, 3, 4, 6],
    }
    # Several names at once, any recipient, and the purpose left open.
    assert index.listing([0, 1], [0, 2]) == [0, 1, 4, 5, 6]
    assert index.listing([2], []) == [3, 4]
    assert index.listing(None, [2]) == [0, 1, 3, 4, 6]
    assert index.listing(None, []) == [3, 4]
    assert index.listing([], [1]) == [2, 4]


def test_an_index_of_a_stretch_of_the_policy_knows_no_other_rules() -> None:
    rules = rules_of([a_provision() for _ in range(6)])

    assert RuleIndex(rules, range(2, 4)).listing([0], [1]) == [2, 3]
    assert RuleIndex(rules, range(0)).listing([0], [1]) == []
    assert RuleIndex(rules, range(0)).listing(None, [0, 1]) == []


def test_filed_by_purpose_alone_a_rule_is_found_whomever_it_lists() -> None:
    rules = rules_of(
        [a_provision(recipients=["carrier"]), a_provision(recipients=["shop"]), a_provision(purposes=["raffle"])],
        purposes={"shipping": {}, "raffle": {}},
    )
    index = RuleIndex(rules, range(len(rules)), by_recipient=False)

    assert index.listing([0], []) == index.listing([0], [0]) == [0, 1]
    assert index.listing([1], []) == [2]


@pytest.mark.parametrize(
    ("purposes", "recipients", "any_purpose", "any_recipient"),
    [
        (8, 8, False, False),
        (8, 9, False, True),
        (64, 1, False, False),
        (65, 1, True, False),
        (1, 64, False, False),
        (1, 65, False, True),
        (33, 2, False, True),
        (65, 65, True, True),
    ],
)
def test_a_rule_that_lists_very_many_pairs_is_filed_as_if_it_said_any(
    purposes: int, recipients: int, any_purpose: bool, any_recipient: bool
) -> None:
    """Up to sixty-four pairs are filed one by one, so that uses of other names do not look at the rule."""
    names: Data = {f"p{number}": {} for number in range(70)}
    classes = {"shop": {"role": "controller"}} | {f"r{number}": {"role": "third_party"} for number in range(70)}
    rule = a_provision(purposes=list(names)[:purposes], recipients=list(classes)[1 : recipients + 1])
    rules = rules_of([rule], purposes=names, recipients=classes)
    index = RuleIndex(rules, range(1))

    def found(purpose: int, recipient: int) -> bool:
        return index.listing([purpose], [recipient]) == [0]

    assert all(found(purpose, recipient) for purpose in range(purposes) for recipient in range(1, recipients + 1))
    assert found(purposes, 1) is any_purpose
    assert found(0, recipients + 1) is any_recipient


def test_a_name_that_is_listed_twice_is_filed_once() -> None:
    rules = rules_of([a_provision(purposes=["shipping"] * 65)])
    index = RuleIndex(rules, range(1))

    assert (list(index._purposes), list(index._ordinals)) == ([0], [0])


def a_run(count: int, data: Callable[[int], Any]) -> tuple[Rules, RuleIndex]:
    categories: Data = {f"c{number}": {} for number in range(80)}
    rules = rules_of([a_provision(data=data(number)) for number in range(count)], categories=categories)
    return rules, RuleIndex(rules, range(count))


def test_of_a_long_run_only_the_rules_that_list_the_category_or_any_are_looked_at() -> None:
    _, index = a_run(40, lambda number: "any" if number % 20 == 7 else [f"c{number}", f"c{(number + 1) % 40}"])

    assert index.listing([0], [1], [5]) == [4, 5, 7, 27]
    assert index.listing([0], [1], [0]) == [0, 7, 27, 39]
    assert index.listing([0], [1], [5, 30]) == [4, 5, 7, 27, 29, 30]
    assert index.listing([0], [1], [70]) == [7, 27]
    assert index.listing([0], [1], []) == [7, 27]
    assert index.listing([0], [1]) == list(range(40))


def test_a_short_run_is_not_sorted_by_category() -> None:
    """Sixteen rules are looked through sooner than they are sorted."""
    _, short = a_run(16, lambda number: [f"c{number}"])
    _, long = a_run(17, lambda number: [f"c{number}"])

    assert short.listing([0], [1], [3]) == list(range(16))
    assert long.listing([0], [1], [3]) == [3]


def test_a_run_is_as_long_as_its_own_rules_wherever_it_stands() -> None:
    categories: Data = {f"c{number}": {} for number in range(20)}
    provisions = [
        a_provision(data=[f"c{number}"], purposes=[purpose])
        for purpose, count in (("shipping", 20), ("raffle", 16), ("service", 17))
        for number in range(count)
    ]
    rules = rules_of(provisions, categories=categories, purposes={"shipping": {}, "raffle": {}, "service": {}})
    index = RuleIndex(rules, range(len(rules)))

    assert [index.listing([purpose], [1], [3]) for purpose in range(3)] == [[3], list(range(20, 36)), [39]]


@pytest.mark.parametrize(("listed", "others"), [(64, []), (65, list(range(17)))])
def test_in_a_long_run_a_rule_that_lists_very_many_categories_is_filed_as_if_it_said_any(listed: int, others: list[int]) -> None:
    _, index = a_run(17, lambda _: [f"c{number}" for number in range(listed)])

    assert index.listing([0], [1], [listed - 1]) == list(range(17))
    assert index.listing([0], [1], [79]) == others


def test_a_long_run_is_sorted_once() -> None:
    _, index = a_run(20, lambda number: [f"c{number}"])

    index.listing([0], [1], [3])
    [run] = index._by_data.values()
    index.listing([0], [1], [4])

    assert len(index._by_data) == 1
    assert next(iter(index._by_data.values())) is run


def test_runs_of_different_names_are_told_apart() -> None:
    categories: Data = {f"c{number}": {} for number in range(20)}
    provisions = [
        a_provision(data=[f"c{number}"], purposes=[purpose], recipients=[recipient])
        for purpose, recipient in itertools.product(("shipping", "raffle"), ("shop", "carrier"))
        for number in range(20)
    ]
    rules = rules_of(provisions, categories=categories, purposes={"shipping": {}, "raffle": {}})
    index = RuleIndex(rules, range(len(rules)))

    found = [index.listing([purpose], [recipient], [7]) for purpose in (0, 1) for recipient in (0, 1)]

    assert found == [[7], [27], [47], [67]]
    assert index.listing([0, 1], [0, 1], [7]) == [7, 27, 47, 67]


def test_where_few_are_wanted_few_are_looked_through() -> None:
    _, index = a_run(40, lambda number: [f"c{number % 4}"])
    _, short = a_run(10, lambda number: [f"c{number % 4}"])

    assert index.listing([0], [1], most=3) == [0, 1, 2]
    assert index.listing([0], [1], [1], most=3) == [1, 5, 9]
    assert index.listing([0], [1], most=40) == index.listing([0], [1], most=41) == list(range(40))
    assert short.listing([0], [1], [1], most=3) == [0, 1, 2]
    assert index.listing([0], [1], most=0) == []


def test_once_enough_are_found_no_further_names_are_looked_at() -> None:
    names: Data = {f"p{number}": {} for number in range(3)}
    rules = rules_of([a_provision(purposes=[f"p{number // 4}"]) for number in range(12)], purposes=names)
    index = RuleIndex(rules, range(12))

    assert index.listing([0, 1, 2], [1], most=3) == [0, 1, 2]
    assert index.listing([0, 1, 2], [1], most=4) == [0, 1, 2, 3]
    # What is looked through of each run is cut, and the last is still looked at as a whole.
    assert index.listing([0, 1, 2], [1], most=5) == list(range(8))
    assert index.listing([2, 1, 0], [1], most=4) == [8, 9, 10, 11]


def test_a_rule_is_read_with_everything_that_a_decision_tells_of_it() -> None:
    policy = a_policy(uses=[a_use_clause(provision_only=True)], provisions=[a_provision(channels=["post"])])

    use, provision = rule_of(policy, 0), rule_of(policy, 1)

    assert (use.ordinal, use.provision_only, use.channels) == (0, True, None)
    assert (provision.ordinal, provision.provision_only, provision.channels) == (1, False, ("post",))
    assert (use.citation.location, provision.citation.location) == (policy.place("uses", 0), policy.place("provisions", 0))


def test_the_rules_that_cover_a_use_are_those_that_say_so_themselves() -> None:
    """The index gives candidates; what a rule excepts is told by the rule."""
    policy = a_policy(
        categories={"person": {}, "name": {"parent": "person"}, "phone": {"parent": "person"}},
        uses=[],
        provisions=[
            a_provision(data=["person"], **{"except": {"data": ["name"]}}),
            a_provision(data=["name"]),
            a_provision(data="any"),
            a_provision(data=["phone"]),
        ],
    )
    index = RuleIndex(policy.rules, range(4))

    def found(category: str, recipient: str) -> list[int]:
        reaches = policy.categories.reach(category), policy.purposes.reach("shipping"), policy.recipients.reach(recipient)
        return covering(policy.rules, index, *reaches)

    assert found("name", "carrier") == [1, 2]
    assert found("phone", "carrier") == [0, 2, 3]
    assert found("person", "carrier") == [2]
    assert found("name", "shop") == []


class _Watched(RuleIndex):
    """An index that notes which rules it gave to be looked at."""

    def listing(self, *names: Any, **options: Any) -> list[int]:
        self.given = super().listing(*names, **options)
        return self.given


def test_of_many_rules_only_those_are_asked_that_list_something_above_the_use() -> None:
    names = ("shipping", "raffle")
    policy = a_policy(
        categories={f"c{number}": {} for number in range(40)},
        purposes={name: {} for name in names},
        recipients={"shop": {"role": "controller"}} | {name: {"role": "third_party"} for name in ("carrier", "broker")},
        uses=[a_use_clause(purposes=[purpose], data=[f"c{number}"]) for purpose in names for number in range(40)],
        provisions=[
            a_provision(purposes=[purpose], data=[f"c{number}"], recipients=[recipient])
            for recipient in ("carrier", "broker")
            for purpose in names
            for number in range(40)
        ],
    )
    uses, gifts = _Watched(policy.rules, range(80)), _Watched(policy.rules, range(80, 240))
    reaches = policy.categories.reach("c7"), policy.purposes.reach("raffle")

    opening = covering(policy.rules, uses, *reaches, None)
    giving = covering(policy.rules, gifts, *reaches, policy.recipients.reach("broker"))

    assert opening == uses.given == [40 + 7]
    assert giving == gifts.given == [80 + 120 + 7]
