"""What a violation says, reason by reason: the use, the clauses, the way out, and where the policy says so."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from typing import Any

import pytest
from builders import a_context, a_policy, a_provision, a_use_clause, an_engine, an_objection

from purposegate import Context, Decision, PurposeViolation, Use
from purposegate.gate.violation import hints

RECIPIENTS = {
    "shop": {"role": "controller"},
    "carrier": {"role": "third_party"},
    "printer": {"role": "processor"},
}


def decided(
    category: str = "email_address",
    purpose: str = "shipping",
    recipient: str | None = "carrier/ups",
    channel: str | None = None,
    context: Context | None = None,
    **parts: Any,
) -> Decision:
    engine = an_engine(**{"recipients": RECIPIENTS} | parts)
    return engine.decide(Use(category, purpose, recipient, channel=channel), context or a_context())


def consulted(**known: Any) -> Context:
    return a_context(consulted=True, **known)


BEFORE = Context(datetime(2026, 3, 31, 23, tzinfo=UTC))
AGREED = {"agreed": {"shown_by": "agreement"}, "paid": {"shown_by": "fact"}}
RAFFLE: dict[str, Any] = {"purposes": {"shipping": {}, "raffle": {}}, "categories": {"email_address": {}, "name": {}}}

SAID = {
    "not-in-force": (
        decided(policy={"effective": "2026-04-01"}, context=BEFORE),
        "the policy is not in force yet",
        [],
    ),
    "unknown-category": (
        decided(category="emial_address"),
        "the policy knows no such data category",
        ["did you mean `email_address`?"],
    ),
    "a category like two others": (
        decided(category="phones", categories={"phone": {}, "phone_": {}}, uses=[], provisions=[]),
        "the policy knows no such data category",
        ["did you mean `phone` or `phone_`?"],
    ),
    "unknown-purpose": (decided(purpose="shiping"), "the policy knows no such purpose", ["did you mean `shipping`?"]),
    "unknown-recipient": (decided(recipient="carier"), "the policy knows no such recipient", ["did you mean `carrier`?"]),
    "an unknown recipient like nothing": (decided(recipient="zzz"), "the policy knows no such recipient", []),
    "an instance that the ledger does not know": (
        decided(context=consulted()),
        "the policy knows no such recipient",
        ["a recipient outside the company is named by an instance that the ledger knows, as `class/id`"],
    ),
    "unknown-channel": (
        decided(channel="pots"),
        "the policy knows no such channel",
        ["did you mean `post`?"],
    ),
    "subject-required": (
        decided(context=consulted(registered=True)),
        "whose data they are was not said",
        ["pass `subject=`, the id of the person"],
    ),
    "undeclared-purpose": (
        decided(purpose="raffle", uses=[a_use_clause(), a_use_clause(clause="3", purposes=["raffle"], data=["name"])], **RAFFLE),
        "the purpose is not declared for this category",
        ["`raffle` covers `name`"],
    ),
    "a purpose that is opened for provision only": (
        decided(recipient=None, uses=[a_use_clause(provision_only=True)]),
        "the purpose is not declared for this category",
        ["the clause opens it only for giving data to others, or only for narrower purposes"],
    ),
    "a purpose that nothing opens": (
        decided(purpose="raffle", **RAFFLE),
        "the purpose is not declared for this category",
        ["no clause opens this purpose"],
    ),
    "unlisted-recipient": (
        decided(recipient="printer/p1"),
        "no clause provides it to this recipient for this purpose",
        ["`email_address` for `shipping` is provided to `carrier`"],
    ),
    "a recipient where nobody is listed": (
        decided(provisions=[]),
        "no clause provides it to this recipient for this purpose",
        [],
    ),
    "unlisted-channel": (
        decided(channel="web", channels={"post": {}, "web": {}, "fax": {}}, provisions=[a_provision(channels=["post", "fax"])]),
        "the clause does not list this channel",
        ["the clause lists `post` and `fax`"],
    ),
    "unmet-condition": (
        decided(conditions=AGREED, provisions=[a_provision(conditions=["agreed", "paid"])]),
        "a condition of the clause is not shown",
        ["not shown: `agreed` and `paid`"],
    ),
    "objection-in-force": (
        decided(objections={"stop": an_objection()}, context=a_context(objections=["stop"])),
        "the person has objected",
        ["in force: `stop`"],
    ),
}


@pytest.mark.parametrize("case", SAID)
def test_it_says_what_was_tried_why_not_and_what_would_help(case: str) -> None:
    decision, why, help_ = SAID[case]

    text = str(PurposeViolation(decision))

    assert text.splitlines()[0] == (
        f"`{decision.data_category}` may not be used for `{decision.purpose}` by `{decision.recipient}`: {why} [{decision.reason}]"
    )
    assert list(hints(decision)) == help_
    assert [line.removeprefix("help: ") for line in text.splitlines() if line.startswith("help: ")] == help_
    if case[0] != "a":
        assert decision.reason == case


def test_a_channel_that_a_ledger_needs_is_asked_for() -> None:
    engine = an_engine(recipients=RECIPIENTS)

    decision = engine.decide(Use("email_address", "shipping", "carrier/ups", subject="s1"), consulted(registered=True))

    assert list(hints(decision)) == ["pass `channel=`, the way they reach the recipient"]
    assert "by which channel they go out was not said [channel-required]" in str(PurposeViolation(decision))


EXCEPTION: dict[str, Any] = {
    "conditions": AGREED,
    "objections": {"stop": an_objection()},
    "channels": {"post": {}, "web": {}, "fax": {}},
}


@pytest.mark.parametrize(
    ("exception", "shown", "objections", "channel", "help_"),
    [
        (["agreed"], [], [], None, "with `agreed` shown"),
        (["agreed", "paid"], [], [], None, "with `agreed` and `paid` shown"),
        (["agreed"], ["agreed"], [], "web", "with `post` or `fax` as the channel"),
        (["agreed"], ["agreed"], ["stop"], "post", "with `stop` lifted"),
        (["agreed"], [], ["stop"], "web", "with `agreed` shown, and `post` or `fax` as the channel, and `stop` lifted"),
    ],
)
def test_an_exception_that_could_permit_tells_what_it_lacks(
    exception: list[str], shown: list[str], objections: list[str], channel: str | None, help_: str
) -> None:
    decision = decided(
        provisions=[],
        exceptions=[a_provision(clause="3", conditions=exception, channels=["post", "fax"])],
        channel=channel,
        context=a_context(shown, objections),
        **EXCEPTION,
    )

    assert list(hints(decision)) == [f"clause 3 would permit it {help_}"]


def test_an_exception_that_is_ready_lacks_what_the_use_clause_lacks() -> None:
    decision = decided(
        uses=[a_use_clause(conditions=["paid"])],
        provisions=[],
        exceptions=[a_provision(clause="3")],
        conditions=AGREED,
        objections={"stop": an_objection(recipients=["shop"])},
    )

    assert [shortfall.unmet for shortfall in decision.exceptions] == [("paid",)]
    assert list(hints(decision)) == ["clause 3 would permit it with `paid` shown"]


def test_the_clauses_are_quoted_in_one_line_each_and_cut() -> None:
    quote = "We use\n  your email address " + "and your phone " * 20
    decision = decided(recipient="printer/p1", uses=[a_use_clause(quote=quote)], provisions=[])

    lines = str(PurposeViolation(decision)).splitlines()

    assert lines[1] == "clause 1: “" + " ".join(quote.split())[:140].rstrip() + " …”"
    assert lines[-1] == "see: shop.yaml:1:" + lines[-1].split(":")[3].split(" ")[0] + " (revision 1)"


def test_every_place_is_told_and_the_path_where_there_is_none() -> None:
    both = str(PurposeViolation(decided(conditions=AGREED, provisions=[a_provision(conditions=["agreed"])]))).splitlines()[-1]
    none = str(PurposeViolation(decided(category="zzz"))).splitlines()[-1]

    places = both.removeprefix("see: ").removesuffix(" (revision 1)").split(", ")
    assert [place.rpartition(":")[0] for place in places] == ["shop.yaml:1", "shop.yaml:1"]
    assert none == "see: shop.yaml (revision 1)"


def test_a_violation_carries_its_decision_wherever_it_is_sent() -> None:
    violation = PurposeViolation(decided(recipient="printer/p1"))

    assert violation.args == (violation.decision,)
    assert pickle.loads(pickle.dumps(violation)).args == violation.args  # noqa: S301 - our own bytes


def test_a_policy_of_its_own_name_and_path_stands_in_the_decision() -> None:
    policy = a_policy()

    stamp = decided().policy

    assert (stamp.id, stamp.revision, stamp.path, len(stamp.digest)) == ("shop", "1", policy.path, 64)
