"""The judge's finer points: overlaps, roles, what it cites, and its answers when it is asked backwards."""

from __future__ import annotations

from typing import Any, Self

import pytest
from builders import NOW, SHIPPED, a_context, a_provision, a_use_clause, an_engine, an_objection

from purposegate import Context, Decision, Engine, PolicyError, Reason, Use
from purposegate.policy.hierarchy import Hierarchy, cycles, depths
from purposegate.policy.loader import load

DIAMOND: dict[str, Any] = {"top": {}, "left": {"parent": "top"}, "right": {"parent": "top"}, "both": {"parent": ["left", "right"]}}


def test_names_overlap_where_something_lies_under_both() -> None:
    names = Hierarchy({"top": (), "left": ("top",), "right": ("top",), "both": ("left", "right"), "other": ()})

    assert names.overlapping("left") == {"left", "top", "both", "right"}
    assert names.overlapping("other") == {"other"}
    assert names.above("both") == {"both", "left", "right", "top"}
    assert set(names.under("left")) == {"left", "both"}
    assert (names.children("left"), names.children("both")) == (("both",), ())
    assert names.leaves(["top", "other"]) == ("other", "both")


def test_cycles_and_depths_are_found() -> None:
    assert list(cycles({"a": ("b",), "b": ("c", "d"), "c": ("a",), "d": ()})) == [("a", "b", "c")]
    assert list(cycles({"a": ("a",), "b": ("a", "missing")})) == [("a",)]
    assert dict(depths({"a": ("b", "c"), "b": ("c",), "c": ()})) == {"c": 1, "b": 2, "a": 3}


@pytest.mark.parametrize(("category", "permitted"), [("top", False), ("left", False), ("both", False), ("right", False)])
def test_what_overlaps_an_excepted_name_is_not_covered(category: str, permitted: bool) -> None:
    """`right` shares `both` with the excepted `left`, so it cannot be granted as a whole."""
    engine = an_engine(categories=DIAMOND, uses=[a_use_clause(data=["top"], **{"except": {"data": ["left"]}})], provisions=[])

    assert bool(engine.decide(Use(category, "shipping"), a_context())) is permitted


def test_what_shares_nothing_with_an_excepted_name_is_covered() -> None:
    categories = {"top": {}, "left": {"parent": "top"}, "right": {"parent": "top"}}
    engine = an_engine(categories=categories, uses=[a_use_clause(data="any", **{"except": {"data": ["left"]}})], provisions=[])

    permitted = {name: bool(engine.decide(Use(name, "shipping"), a_context())) for name in categories}

    assert permitted == {"top": False, "left": False, "right": True}


def test_an_instance_of_a_class_is_no_instance_of_an_excepted_class_under_it() -> None:
    recipients = {"shop": {"role": "controller"}, "carrier": {"role": "third_party"}, "broker": {"parent": "carrier"}}
    engine = an_engine(recipients=recipients, provisions=[a_provision(**{"except": {"recipients": ["broker"]}})])

    permitted = {
        name: bool(engine.decide(Use("email_address", "shipping", name), a_context()))
        for name in ("carrier", "carrier/ups", "broker", "broker/x")
    }

    assert permitted == {"carrier": False, "carrier/ups": True, "broker": False, "broker/x": False}


def test_an_objection_to_the_controllers_use_reaches_its_processors_and_nobody_else() -> None:
    recipients = {"shop": {"role": "controller"}, "carrier": {"role": "third_party"}, "printer": {"role": "processor"}}
    engine = an_engine(
        recipients=recipients,
        provisions=[a_provision(recipients=["carrier", "printer"])],
        objections={"stop": an_objection(recipients=["shop"])},
    )

    reasons = [
        engine.decide(Use("email_address", "shipping", name), a_context(objections=["stop"])).reason
        for name in (None, "printer/p1", "carrier/ups")
    ]

    assert reasons == [Reason.OBJECTION_IN_FORCE, Reason.OBJECTION_IN_FORCE, Reason.PERMITTED]


def test_an_exemption_spares_the_rule_that_cites_its_clause_and_no_other() -> None:
    engine = an_engine(
        purposes={"shipping": {}, "raffle": {}},
        uses=[a_use_clause(), a_use_clause(clause="5", purposes=["raffle"])],
        provisions=[],
        objections={"stop": an_objection(exempt=["5"])},
    )

    assert not engine.decide(Use("email_address", "shipping"), a_context(objections=["stop"]))
    assert engine.decide(Use("email_address", "raffle"), a_context(objections=["stop"]))


def test_a_processor_is_given_nothing_by_an_exception_and_nothing_that_the_controller_may_not_do() -> None:
    recipients = {"shop": {"role": "controller"}, "printer": {"role": "processor"}}
    given = a_provision(recipients=["printer"])

    by_exception = an_engine(recipients=recipients, provisions=[], exceptions=[given])
    provision_only = an_engine(recipients=recipients, uses=[a_use_clause(provision_only=True)], provisions=[given])

    use = Use("email_address", "shipping", "printer/p1")
    assert by_exception.decide(use, a_context()).reason is Reason.UNLISTED_RECIPIENT
    assert provision_only.decide(use, a_context()).reason is Reason.UNDECLARED_PURPOSE


@pytest.mark.parametrize("recipient", ["dept", "shop"])
def test_a_part_of_the_controller_is_the_controller(recipient: str) -> None:
    engine = an_engine(recipients={"shop": {"role": "controller"}, "dept": {"parent": "shop"}}, provisions=[])

    assert engine.decide(Use("email_address", "shipping", recipient), a_context())


def test_a_rule_that_lists_very_many_names_covers_them_all() -> None:
    names = [f"p{number}" for number in range(100)]
    recipients = {f"r{number}": {"role": "third_party"} for number in range(100)}
    engine = an_engine(
        purposes={name: {} for name in names},
        recipients={"shop": {"role": "controller"}} | recipients,
        uses=[a_use_clause(purposes=names)],
        provisions=[a_provision(purposes=names[:50], recipients=list(recipients)[:50])],
    )

    given = [engine.decide(Use("email_address", purpose, f"{to}/x"), a_context()) for purpose in names for to in recipients]

    assert sum(map(bool, given)) == 50 * 50


def test_a_never_reaches_a_part_of_the_controller() -> None:
    never = {"data": "any", "purposes": "any", "recipients": ["dept"], "unless": []}

    with pytest.raises(PolicyError, match="could permit `email_address`, `shipping` and `dept`"):
        an_engine(recipients={"shop": {"role": "controller"}, "dept": {"parent": "shop"}}, provisions=[], never=[never])


def test_the_reason_is_that_of_the_rule_that_came_furthest() -> None:
    conditions = {"signed": {"shown_by": "agreement"}, "paid": {"shown_by": "fact"}}
    channels: dict[str, Any] = {"post": {}, "web": {}}
    provisions = [a_provision(channels=["post"]), a_provision(clause="4", channels=["web"], conditions=["signed", "paid"])]
    engine = an_engine(conditions=conditions, channels=channels, provisions=provisions)

    def decided(channel: str, *shown: str) -> Decision:
        return engine.decide(Use("email_address", "shipping", "carrier/ups", channel=channel), a_context(shown))

    assert decided("post").clauses == ("1", "2")
    assert (decided("web").reason, decided("web").unmet) == (Reason.UNMET_CONDITION, ("signed", "paid"))
    assert decided("web", "signed").unmet == ("paid",)
    assert decided("web", "signed", "paid").clauses == ("1", "4")


def test_an_unlisted_channel_is_told_with_those_that_are_listed() -> None:
    engine = an_engine(channels={"post": {}, "web": {}}, provisions=[a_provision(channels=["post"])])

    decision = engine.decide(Use("email_address", "shipping", "carrier/ups", channel="web"), a_context())

    assert (decision.reason, decision.channels, decision.clauses) == (Reason.UNLISTED_CHANNEL, ("post",), ("1", "2"))


def test_the_instant_of_a_decision_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Context(NOW.replace(tzinfo=None))


def test_what_is_shown_is_a_set_of_names_and_no_text() -> None:
    assert Context(NOW, {"consent"}).shown == frozenset({"consent"})  # type: ignore[arg-type]  # a set will do at run time
    with pytest.raises(TypeError, match="set of names"):
        Context(NOW, "consent")  # type: ignore[arg-type]  # the mistake that is tested


ENGINE = Engine(load(SHIPPED))


def test_asked_backwards_it_leaves_nothing_out() -> None:
    categories, purposes, recipients = ENGINE.policy.categories, ENGINE.policy.purposes, ENGINE.policy.recipients
    context = a_context()

    def permitted(category: str, purpose: str, recipient: str) -> bool:
        return bool(ENGINE.decide(Use(category, purpose, recipient), context))

    for category in categories:
        for purpose in purposes:
            expected = tuple(name for name in recipients if permitted(category, purpose, name))
            assert ENGINE.permitted_recipients(category, purpose, context) == expected
    for recipient in recipients:
        for purpose in purposes:
            expected = tuple(name for name in categories if permitted(name, purpose, recipient))
            assert ENGINE.permitted_categories(purpose, recipient, context) == expected
    assert ENGINE.permitted_purposes("cookie", None, context) == (
        "respond_to_disclosure_request",
        "provide_useful_services",
        "manage_sessions",
        "improve_convenience",
        "obtain_statistics",
    )


def test_near_misses_are_permitted_and_the_cheapest_come_first() -> None:
    use = Use("name", "view_video_interview", "employer_company/acme", channel="fax")

    misses = ENGINE.near_misses(use, a_context())

    assert [(miss.use.channel, miss.conditions) for miss in misses[:2]] == [("email", ()), ("website", ())]
    assert [miss.cost for miss in misses] == sorted(miss.cost for miss in misses)
    for miss in misses:
        assert ENGINE.decide(miss.use, a_context(miss.conditions))


def test_a_condition_is_nearer_than_another_name() -> None:
    use = Use("name", "inform_and_survey", "third_party/ad-co")

    first, *others = ENGINE.near_misses(use, a_context())

    assert (first.use, first.conditions) == (use, ("consent",))
    assert {miss.use.recipient for miss in others} >= {"en_japan", "data_subject"}


def test_a_permitted_use_has_no_near_misses() -> None:
    assert ENGINE.near_misses(Use("name", "provide_service"), a_context()) == ()


def test_names_that_overlap_very_many_are_not_all_kept() -> None:
    """Three thousand names above one and as many below it overlap one another: all pairs would take gigabytes."""
    count = 3_000
    above = {f"a{number}": () for number in range(count)}
    below = {f"b{number}": ("waist",) for number in range(count)}
    names = Hierarchy(above | {"waist": tuple(above)} | below)

    sizes = {len(names.overlapping(f"b{number}")) for number in range(count)}

    assert sizes == {count + 2}
    assert sum(map(len, names._overlapping.values())) < 2 * 262_144


class _Pretender(str):
    """Text that equals a declared name and is another."""

    __slots__ = ("pretended",)

    pretended: str

    def __new__(cls, text: str, pretended: str) -> Self:
        name = super().__new__(cls, text)
        name.pretended = pretended
        return name

    def __eq__(self, other: object) -> bool:
        return bool(self.pretended == other)

    def __hash__(self) -> int:
        return hash(self.pretended)


@pytest.mark.parametrize("part", ["data_category", "purpose"])
def test_text_that_only_pretends_to_be_a_declared_name_is_not_permitted(part: str) -> None:
    engine = an_engine()
    declared = {"data_category": "email_address", "purpose": "shipping"}

    pretended = Use(**declared | {part: _Pretender("nobody", declared[part])})

    assert engine.decide(Use(**declared), a_context())
    assert not engine.decide(pretended, a_context())
    assert engine.conditions(pretended) == frozenset()
