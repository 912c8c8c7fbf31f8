"""The last step of reading: a document whose names were checked becomes the policy that everything else works from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from builders import a_document, a_policy, a_provision, a_use_clause, an_objection

from purposegate import Citation, Location, Policy
from purposegate.engine.rules import rule_of
from purposegate.policy.document import Document
from purposegate.policy.policy import Never, Objection, Places
from purposegate.policy.resolver import resolve
from purposegate.policy.rules import Kind
from purposegate.policy.terms import Role, ShownBy

RULES: dict[str, Any] = {
    "channels": {"post": {}, "web": {}},
    "conditions": {"consent": {"shown_by": "consent"}, "paid": {"shown_by": "fact"}},
    "recipients": {"shop": {"role": "controller"}, "carrier": {"role": "third_party"}, "broker": {"parent": "carrier"}},
    "categories": {"person": {}, "name": {"parent": "person"}, "both": {"parent": ["name", "person"]}},
    "purposes": {"shipping": {}, "express": {"parent": "shipping"}},
    "uses": [
        a_use_clause(clause="1", quote="ship", data=["person"], conditions=["paid", "consent"]),
        a_use_clause(clause="2", quote="parcels", data="any", purposes="any", provision_only="true"),
    ],
    "provisions": [
        a_provision(clause="3", quote="email", data=["name", "person"], channels=["web", "post"]),
        a_provision(clause="4", quote="amend", data=["both"], **{"except": {"data": ["name"], "purposes": ["express"]}}),
    ],
    "exceptions": [
        a_provision(clause="5", quote="we", data="any", recipients="any", **{"except": {"recipients": ["broker"]}}),
    ],
}


def resolved(places: Places | None = None, **parts: Any) -> Policy:
    """Resolve a document that was made in memory, of values as a file writes them."""
    document = Document.model_validate(a_document(**RULES | parts) | {"purposegate": "1"})
    return resolve(document, digest="d1", path="made.yaml", places=places or {})


def test_a_policy_holds_what_its_document_says() -> None:
    header = {"id": "i", "title": "t", "revision": "r", "contact": "c", "prose": "p.txt"}
    never = [{"data": ["name"], "purposes": ["express"], "recipients": ["broker"], "unless": ["paid"]}]
    objections = {"stop": an_objection(data=["name"], purposes=["express"], recipients=["broker"], exempt=["1", "5"])}

    policy = resolved(policy=header, never=never, objections=objections)

    assert (policy.id, policy.title, policy.controller, policy.revision) == ("i", "t", "shop", "r")
    assert (policy.contact, policy.prose, policy.digest, policy.path) == ("c", "p.txt", "d1", "made.yaml")
    assert {name: policy.categories.parents(name) for name in policy.categories} == {
        "person": (),
        "name": ("person",),
        "both": ("name", "person"),
    }
    assert {name: policy.purposes.parents(name) for name in policy.purposes} == {"shipping": (), "express": ("shipping",)}
    assert {name: policy.recipients.parents(name) for name in policy.recipients} == {
        "shop": (),
        "carrier": (),
        "broker": ("carrier",),
    }
    assert policy.roles == {"shop": Role.CONTROLLER, "carrier": Role.THIRD_PARTY, "broker": Role.THIRD_PARTY}
    assert policy.channels == ("post", "web")
    assert policy.conditions == {"consent": ShownBy.CONSENT, "paid": ShownBy.FACT}
    assert policy.objections == {"stop": Objection("6", "amend", ("name",), ("express",), ("broker",), frozenset({"1", "5"}))}
    assert policy.never == (Never(("name",), ("express",), ("broker",), ("paid",)),)
    assert policy.in_force_from is None
    assert policy.places == {}


def test_each_rule_keeps_its_kind_its_words_its_place_and_its_scopes() -> None:
    places = {"uses": [1 << 32 | 2, 2 << 32 | 3], "provisions": [3 << 32 | 4, 4 << 32 | 5], "exceptions": [5 << 32 | 6]}
    policy = resolved(places)

    rules = [rule_of(policy, ordinal) for ordinal in range(len(policy.rules))]

    def cited(clause: str, quote: str, line: int) -> Citation:
        return Citation(clause, quote, Location("made.yaml", line, line + 1))

    assert rules == [
        (0, Kind.USE, cited("1", "ship", 2), None, ("paid", "consent"), False),
        (1, Kind.USE, cited("2", "parcels", 3), None, (), True),
        (2, Kind.PROVISION, cited("3", "email", 4), ("web", "post"), (), False),
        (3, Kind.PROVISION, cited("4", "amend", 5), None, (), False),
        (4, Kind.EXCEPTION, cited("5", "we", 6), None, (), False),
    ]
    columns = policy.rules
    assert [columns.data_scopes.named(scope) for scope in columns.data] == [
        ("person",),
        "any",
        ("name", "person"),
        ("both",),
        "any",
    ]
    assert [columns.purpose_scopes.named(scope) for scope in columns.purposes] == [
        ("shipping",),
        "any",
        ("shipping",),
        ("shipping",),
        ("shipping",),
    ]
    assert [columns.recipient_scopes.named(scope) for scope in columns.recipients] == [
        "any",
        "any",
        ("carrier",),
        ("carrier",),
        "any",
    ]
    assert [columns.data_scopes.excepted.get(scope) for scope in columns.data] == [None, None, None, (1,), None]
    assert [columns.purpose_scopes.excepted.get(scope) for scope in columns.purposes] == [None, None, None, (1,), None]
    assert [columns.recipient_scopes.excepted.get(scope) for scope in columns.recipients] == [None, None, None, None, (2,)]


def test_rules_that_say_the_same_share_what_they_say() -> None:
    same = a_use_clause(data=["person"], conditions=["paid"])

    rules = resolved(uses=[same, same | {"clause": "8"}], provisions=[a_provision(data=["person"])], exceptions=[]).rules

    assert list(rules.data) == [0, 0, 0]
    assert list(rules.conditions) == [0, 0, 1]
    assert rules.texts == ("1", "ship parcels", "8", "2")
    assert rules.channel_lists == (None,)


def test_the_places_of_sections_that_hold_no_rules_are_kept() -> None:
    places: Places = {"uses": [7, 8], "categories": {"name": 9}, "never": [10]}

    policy = resolved(places)

    assert policy.places == {"categories": {"name": 9}, "never": [10]}
    assert policy.place("categories", "name") == Location("made.yaml", 1, 10)
    assert policy.place("uses", 1) == Location("made.yaml", 1, 9)


@pytest.mark.parametrize("at", [{}, {"uses": [7]}, {"uses": {"1": 7, "2": 8}}, {"uses": ()}])
def test_the_rules_of_a_document_that_stands_nowhere_are_at_its_beginning(at: Any) -> None:
    policy = resolved(at)

    assert list(policy.rules.places) == [0] * 5
    assert policy.place("uses", 1) == policy.place("exceptions", 0) == Location("made.yaml", 1, 1)


@pytest.mark.parametrize(
    ("zone", "begins"),
    [
        (None, datetime(2026, 3, 9, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2026, 3, 8, 15, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 9, 4, tzinfo=UTC)),
    ],
)
def test_the_effective_day_begins_in_the_policys_time_zone(zone: str | None, begins: datetime) -> None:
    amendments = {"clause": "9", "quote": "amend", "window": "P7D", "silence": "never", "time_zone": zone}
    parts: dict[str, Any] = {"amendments": amendments} if zone else {}

    begun = resolved(policy={"effective": "2026-03-09"}, **parts).in_force_from

    assert begun == begins
    assert begun is not None
    assert begun.tzinfo is UTC


def test_a_zone_without_an_effective_day_begins_nothing() -> None:
    amendments = {"clause": "9", "quote": "amend", "window": "P7D", "silence": "never", "time_zone": "Asia/Tokyo"}

    assert resolved(amendments=amendments).in_force_from is None


def test_what_is_read_from_a_file_knows_where_each_rule_stands() -> None:
    policy = a_policy(uses=[a_use_clause(), a_use_clause(clause="3")], provisions=[], exceptions=[a_provision(clause="4")])

    places = [rule_of(policy, ordinal).citation.location for ordinal in range(3)]

    assert places == [policy.place("uses", 0), policy.place("uses", 1), policy.place("exceptions", 0)]
    assert len(set(places)) == 3
    assert policy.digest != ""
