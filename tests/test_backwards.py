"""The judge asked backwards: near misses in the order of what they would cost, none left out; and what touches what."""

from __future__ import annotations

from typing import Any

import pytest
from builders import a_context, a_provision, a_use_clause, an_engine, an_objection

from purposegate import Engine, NearMiss, Use

PARTS: dict[str, Any] = {
    "categories": {"person": {}, "name": {"parent": "person"}, "phone": {"parent": "person"}, "cookie": {}},
    "purposes": {"service": {}, "shipping": {"parent": "service"}, "raffle": {}},
    "recipients": {"shop": {"role": "controller"}, "carrier": {"role": "third_party"}, "broker": {"parent": "carrier"}},
    "channels": {"post": {}, "web": {}},
    "conditions": {"consent": {"shown_by": "consent"}, "paid": {"shown_by": "fact"}},
    "uses": [a_use_clause(data=["person"], purposes=["service"])],
}


def an_office(**parts: Any) -> Engine:
    return an_engine(**PARTS | parts)


def miss(category: str, purpose: str, recipient: str | None, cost: int, channel: str | None = None, *conditions: str) -> NearMiss:
    return NearMiss(Use(category, purpose, recipient, channel=channel), conditions, cost)


def test_what_is_permitted_has_no_near_misses() -> None:
    assert an_office(provisions=[]).near_misses(Use("name", "shipping"), a_context()) == ()


def test_other_names_cost_a_hundred_each_and_what_lies_between_them() -> None:
    """Of `cookie`, which lies under nothing: one name away is `person`; two away are the names under it."""
    found = an_office(provisions=[]).near_misses(Use("cookie", "shipping"), a_context())

    assert found == (
        miss("person", "shipping", "shop", 102),
        miss("name", "shipping", "shop", 103),
        miss("phone", "shipping", "shop", 103),
    )


def test_two_names_are_changed_only_where_no_single_one_would_do() -> None:
    found = an_office(provisions=[]).near_misses(Use("cookie", "raffle"), a_context())

    assert [(each.use.data_category, each.use.purpose, each.cost) for each in found] == [
        ("person", "service", 204),
        ("name", "service", 205),
        ("person", "shipping", 205),
        ("phone", "service", 205),
        ("name", "shipping", 206),
        ("phone", "shipping", 206),
    ]
    assert {each.use.recipient for each in found} == {"shop"}


def test_names_that_are_near_cost_less_than_names_that_are_far() -> None:
    engine = an_office(uses=[a_use_clause(data=["phone"], purposes=["shipping"])], provisions=[])

    found = engine.near_misses(Use("name", "shipping"), a_context())

    assert found == (miss("phone", "shipping", "shop", 102),)


def test_an_unknown_name_is_as_far_from_another_as_that_lies_deep() -> None:
    found = an_office(provisions=[]).near_misses(Use("nothing", "shipping"), a_context())

    assert found == (
        miss("person", "shipping", "shop", 101),
        miss("name", "shipping", "shop", 102),
        miss("phone", "shipping", "shop", 102),
    )


def test_another_recipient_is_a_name_too_and_the_instance_is_not_kept() -> None:
    engine = an_office(provisions=[a_provision(data=["person"], recipients=["broker"])])

    found = engine.near_misses(Use("name", "shipping", "carrier/x"), a_context())

    assert found == (
        miss("name", "shipping", "shop", 101),
        miss("name", "shipping", "broker", 102),
    )


def test_conditions_come_before_names_and_fewer_before_more() -> None:
    provision = a_provision(data=["person"], conditions=["paid"])
    exception = a_provision(clause="3", data=["person"], conditions=["consent", "paid"], channels=["web"])
    engine = an_office(provisions=[provision], exceptions=[exception])

    found = engine.near_misses(Use("name", "shipping", "carrier/x"), a_context())

    assert found[0] == miss("name", "shipping", "carrier/x", 10, None, "paid")
    assert found[1] == miss("name", "shipping", "carrier/x", 20, None, "consent", "paid")
    assert found[2].cost >= 100


def test_another_channel_costs_least_and_every_one_that_would_do_is_told() -> None:
    engine = an_office(
        channels={"post": {}, "web": {}, "fax": {}}, provisions=[a_provision(data=["person"], channels=["web", "fax"])]
    )

    found = engine.near_misses(Use("name", "shipping", "carrier/x", channel="post"), a_context())

    assert found[:2] == (
        miss("name", "shipping", "carrier/x", 1, "fax"),
        miss("name", "shipping", "carrier/x", 1, "web"),
    )


def test_a_channel_and_a_condition_together_cost_both() -> None:
    engine = an_office(provisions=[a_provision(data=["person"], channels=["web"], conditions=["paid"])])

    found = engine.near_misses(Use("name", "shipping", "carrier/x", channel="web"), a_context())
    through_post = engine.near_misses(Use("name", "shipping", "carrier/x", channel="post"), a_context(["paid"]))

    assert found[0] == miss("name", "shipping", "carrier/x", 10, "web", "paid")
    assert through_post[0] == miss("name", "shipping", "carrier/x", 1, "web")


def test_names_are_permitted_in_the_order_of_the_policy() -> None:
    engine = an_office(provisions=[a_provision(data=["person"])])
    context = a_context()

    assert engine.permitted_categories("shipping", None, context) == ("person", "name", "phone")
    assert engine.permitted_purposes("name", None, context) == ("service", "shipping")
    assert engine.permitted_purposes("name", "carrier/x", context) == ("shipping",)
    assert engine.permitted_recipients("name", "shipping", context) == ("shop", "carrier", "broker")
    assert engine.permitted_recipients("cookie", "shipping", context) == ()


@pytest.mark.parametrize(
    ("scope", "touched"),
    [
        ({}, True),
        ({"data": ("phone",)}, False),
        ({"data": ("person",)}, True),
        ({"data": ("nothing",)}, True),
        ({"purposes": ("raffle",)}, False),
        ({"purposes": ("service",)}, True),
        ({"recipients": ("broker",)}, True),
        ({"recipients": ("carrier/x",)}, True),
        ({"recipients": ("carrier/y",)}, False),
        ({"recipients": ("shop",)}, False),
        ({"data": ("phone",), "purposes": ("service",)}, False),
    ],
)
def test_what_was_refused_touches_what_it_overlaps(scope: dict[str, tuple[str, ...]], touched: bool) -> None:
    use = Use("name", "shipping", "carrier" if scope.get("recipients") == ("broker",) else "carrier/x")

    assert an_office(provisions=[]).touches(use, **scope) is touched


def test_an_unknown_use_is_touched_by_every_refusal_and_lies_under_no_grant() -> None:
    engine = an_office(provisions=[])

    for use in (Use("nothing", "shipping"), Use("name", "nothing"), Use("name", "shipping", "nothing")):
        assert engine.touches(use, data=("phone",))
        assert not engine.within(use)


def test_the_controller_is_meant_where_no_recipient_is_named() -> None:
    engine = an_office(provisions=[])

    assert engine.touches(Use("name", "shipping"), recipients=("shop",))
    assert not engine.touches(Use("name", "shipping"), recipients=("carrier",))
    assert engine.within(Use("name", "shipping"), recipients=("shop",))
    assert not engine.within(Use("name", "shipping"), recipients=("carrier",))


def test_a_grant_for_an_instance_or_what_it_lies_under_is_one_for_it() -> None:
    engine = an_office(provisions=[])
    use = Use("name", "shipping", "broker/x")

    assert engine.within(use, data=("person",), purposes=("service",), recipients=("carrier",))
    assert engine.within(use, recipients=("broker/x",))
    assert not engine.within(use, recipients=("broker/y", "nothing"))
    assert not engine.within(use, data=("phone", "nothing"))
    assert not engine.within(Use("person", "shipping"), data=("name",))


def test_an_objection_that_is_not_declared_takes_out_everything() -> None:
    engine = an_office(provisions=[], objections={"stop": an_objection(data=["phone"])})

    assert engine.decide(Use("name", "shipping"), a_context(objections=["stop"]))
    assert not engine.decide(Use("name", "shipping"), a_context(objections=["undeclared"]))
