"""What a policy says may never happen is looked for when it is compiled: what is found is an error, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest
from builders import a_policy, a_provision, a_use_clause

from purposegate import Engine, Finding, PolicyError, Severity

PARTS: dict[str, Any] = {
    "categories": {"person": {}, "name": {"parent": "person"}, "phone": {"parent": "person"}, "cookie": {}},
    "purposes": {"shipping": {}, "express": {"parent": "shipping"}, "raffle": {}},
    "recipients": {
        "shop": {"role": "controller"},
        "carrier": {"role": "third_party"},
        "broker": {"parent": "carrier"},
        "printer": {"role": "processor"},
        "person_themselves": {"role": "data_subject"},
    },
    "conditions": {"consent": {"shown_by": "consent"}, "paid": {"shown_by": "fact"}},
    "uses": [a_use_clause(data=["person"], purposes=["shipping"])],
    "provisions": [a_provision(data=["person"], recipients=["carrier"])],
}


def a_never(**parts: Any) -> dict[str, Any]:
    return {"data": "any", "purposes": "any", "recipients": "any", "unless": []} | parts


def found(*nevers: dict[str, Any], **parts: Any) -> list[Finding]:
    try:
        Engine(a_policy(**PARTS | {"never": list(nevers)} | parts))
    except PolicyError as error:
        return list(error.findings)
    return []


@pytest.mark.parametrize(
    ("never", "parts", "breach"),
    [
        ({}, {}, "`name`, `express` and `shop`"),
        ({"recipients": ["carrier"]}, {}, "`name`, `express` and `carrier/x`"),
        ({"recipients": ["broker"]}, {}, "`name`, `express` and `broker/x`"),
        ({"data": ["phone"], "recipients": ["carrier"]}, {}, "`phone`, `express` and `carrier/x`"),
        ({"data": ["person"], "purposes": ["shipping"], "recipients": ["shop"]}, {}, "`name`, `express` and `shop`"),
        ({"recipients": ["carrier"]}, {"uses": [a_use_clause(data="any")]}, "`name`, `express` and `carrier/x`"),
        ({"recipients": ["carrier"]}, {"provisions": [a_provision(data="any")]}, "`name`, `express` and `carrier/x`"),
        (
            {"data": ["cookie"]},
            {"uses": [a_use_clause(data="any")], "provisions": [a_provision(data="any")]},
            "`cookie`, `express` and `shop`",
        ),
        (
            {"recipients": ["printer"]},
            {"provisions": [a_provision(data=["phone"], recipients=["printer"])]},
            "`phone`, `express` and `printer/x`",
        ),
        (
            {"recipients": ["person_themselves"]},
            {"provisions": [a_provision(data=["phone"], recipients="any")]},
            "`phone`, `express` and `person_themselves`",
        ),
        (
            {"recipients": ["carrier"]},
            {"provisions": [], "exceptions": [a_provision(clause="3", data=["person"], conditions=["consent"])]},
            "`name`, `express` and `carrier/x`",
        ),
        (
            {"recipients": ["carrier"], "unless": ["consent"]},
            {"provisions": [a_provision(data=["person"], conditions=["paid"])]},
            "`name`, `express` and `carrier/x`",
        ),
        (
            {"data": ["person"], "recipients": ["carrier"]},
            {"provisions": [a_provision(data=["person"], **{"except": {"data": ["name"]}})]},
            "`phone`, `express` and `carrier/x`",
        ),
    ],
)
def test_a_use_that_could_be_permitted_is_named(never: dict[str, Any], parts: dict[str, Any], breach: str) -> None:
    findings = found(a_never(**never), **parts)

    assert [(finding.slug, finding.severity, finding.message) for finding in findings] == [
        ("never", Severity.ERROR, f"the policy could permit {breach}")
    ]
    assert findings[0].location is not None


@pytest.mark.parametrize(
    ("never", "parts"),
    [
        ({"data": ["cookie"]}, {}),
        ({"purposes": ["raffle"]}, {}),
        ({"recipients": ["printer"]}, {}),
        ({"recipients": ["carrier"]}, {"provisions": []}),
        ({"data": ["phone"], "recipients": ["carrier"]}, {"provisions": [a_provision(data=["name"])]}),
        (
            {"recipients": ["carrier"], "unless": ["consent"]},
            {"provisions": [a_provision(data=["person"], conditions=["consent"])]},
        ),
        (
            {"recipients": ["carrier"], "unless": ["paid"]},
            {"uses": [a_use_clause(data=["person"], conditions=["consent", "paid"])]},
        ),
        (
            {"data": ["name"], "recipients": ["carrier"]},
            {"provisions": [a_provision(data=["person"], **{"except": {"data": ["name"]}})]},
        ),
        ({"recipients": ["carrier"]}, {"uses": [a_use_clause(data=["cookie"])]}),
        ({"recipients": ["shop"]}, {"uses": [a_use_clause(data=["person"], provision_only=True)]}),
    ],
)
def test_what_no_rule_permits_is_no_breach(never: dict[str, Any], parts: dict[str, Any]) -> None:
    assert found(a_never(**never), **parts) == []


def test_the_clauses_that_would_permit_it_are_told() -> None:
    [finding] = found(a_never(recipients=["carrier"]))

    assert finding.help == "permitted by clause 1 and clause 2"


def test_every_never_that_is_broken_is_told_at_its_place() -> None:
    findings = found(a_never(data=["cookie"]), a_never(recipients=["carrier"]), a_never(data=["phone"]))

    policy = a_policy(**PARTS | {"never": [a_never(), a_never(), a_never()]})
    assert [finding.message.split("permit ")[1] for finding in findings] == [
        "`name`, `express` and `carrier/x`",
        "`phone`, `express` and `shop`",
    ]
    assert [finding.location.column for finding in findings if finding.location] != [
        place.column for index in (0, 1) if (place := policy.place("never", index))
    ]


def test_what_would_take_too_long_to_test_is_refused_and_never_passed() -> None:
    purposes: dict[str, Any] = {f"p{number}": {} for number in range(3_000)}
    recipients = {"shop": {"role": "controller"}} | {f"r{number}": {"role": "third_party"} for number in range(400)}
    parts: dict[str, Any] = {
        "purposes": purposes,
        "recipients": recipients,
        "uses": [a_use_clause(purposes="any", data=["person"], conditions=["consent"])],
        "provisions": [],
    }

    findings = found(a_never(recipients=list(recipients)[1:]), a_never(recipients=["shop"], unless=["consent"]), **parts)

    assert [(finding.slug, finding.message, finding.help) for finding in findings] == [
        (
            "untested-never",
            "the policy has too many names and rules for this to be tested",
            "name fewer purposes or recipients",
        )
    ]


def test_an_honest_policy_is_tested_to_the_end() -> None:
    purposes: dict[str, Any] = {f"p{number}": {} for number in range(100)}
    recipients = {"shop": {"role": "controller"}} | {f"r{number}": {"role": "third_party"} for number in range(100)}
    parts: dict[str, Any] = {
        "purposes": purposes,
        "recipients": recipients,
        "uses": [a_use_clause(purposes="any", data=["person"])],
        "provisions": [a_provision(purposes=["p99"], recipients=["r99"], data=["phone"])],
    }

    assert [finding.message for finding in found(a_never(recipients=list(recipients)[1:]), **parts)] == [
        "the policy could permit `phone`, `p99` and `r99/x`"
    ]
