"""The shipped policy means what en Japan's published text says: every use, every violation, every sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

import pytest
import yaml
from builders import NOW, SHIPPED, a_context, a_ledger
from spec import covers, overlap, role_of, verdict

from purposegate import (
    Agreement,
    Claim,
    Consent,
    Engine,
    Gate,
    LodgedObjection,
    MemoryLedger,
    PurposeViolation,
    Reason,
    Use,
    Withdrawal,
)
from purposegate.policy.inspection import inspect
from purposegate.policy.loader import load
from purposegate.policy.prose import uncited

POLICY = load(SHIPPED)
ENGINE = Engine(POLICY)
# The naive reading gets the policy from another reader than ours.
DOCUMENT: dict[str, Any] = yaml.load(SHIPPED.read_bytes(), Loader=yaml.BaseLoader)  # noqa: S506 - builds text only
for _clause in DOCUMENT["uses"]:
    _clause["provision_only"] = _clause.get("provision_only") == "true"

RECIPIENTS = [name for each in DOCUMENT["recipients"] for name in (each, f"{each}/x1") if role_of(DOCUMENT, name)]


@pytest.mark.parametrize("recipient", RECIPIENTS)
def test_every_use_is_decided_as_the_naive_reading_decides_it(recipient: str) -> None:
    """Every triple under every set of the conditions and objections that a covering rule names."""
    disagreements = [
        (use, shown, objections)
        for category in DOCUMENT["categories"]
        for purpose in DOCUMENT["purposes"]
        for use in [{"data_category": category, "purpose": purpose, "recipient": recipient, "channel": None, "subject": None}]
        for shown in _sets(_conditions(category, purpose, recipient))
        for objections in _sets(_objections(category, purpose, recipient))
        if ENGINE.decide(Use(category, purpose, recipient), a_context(shown, objections)).reason
        != verdict(DOCUMENT, use, _known(shown, objections))
    ]

    assert disagreements == []


def test_the_policy_has_the_names_that_others_rely_on() -> None:
    """DESIGN section 3 lists them."""
    above = {name: set(POLICY.categories.above(name)) - {name} for name in POLICY.categories}
    personal = "personal_information"

    assert {name for name, over in above.items() if over == {"user_information", personal}} == {
        "name",
        "email_address",
        "attribute_information",
    }
    assert {name for name, over in above.items() if over == {"relevant_information", personal}} == {
        "usage_history",
        "terminal_information",
        "inquiry",
        "survey_response",
    }
    assert above["targeted_employer_company"] == {"employer_provided_information", personal}
    assert above["cookie"] == above["access_history"] == {"browsing_information"}
    assert set(POLICY.purposes.children("provide_service")) == {
        "view_video_interview",
        "create_evaluation_result",
        "view_evaluation_result",
    }
    assert len(POLICY.purposes) == 9 + 3 + 4 + 1 + 4
    assert set(POLICY.recipients.children("third_party")) == {"employer_company", "public_body"}
    assert set(POLICY.objections) == {"suspend_use", "suspend_provision", "refuse_cookies"}
    assert set(POLICY.conditions) == {
        "consent",
        "required_by_law",
        "protects_life_body_or_assets",
        "improves_public_health",
        "consent_difficult",
        "cooperates_with_public_body",
        "consent_would_interfere",
        "satisfactory_experience",
        "confidentiality_agreement",
    }


def test_every_sentence_of_the_prose_is_accounted_for() -> None:
    loaded = inspect(SHIPPED)

    assert loaded.document is not None
    assert loaded.prose is not None
    assert [sentence.text for sentence in uncited(loaded.document, loaded.prose)] == []
    assert loaded.findings == ()


def test_the_defects_of_the_prose_are_questions() -> None:
    document = inspect(SHIPPED).document
    assert document is not None
    asked = "\n".join(f"{question.clause}: {question.quote}" for question in document.questions)

    assert len(document.questions) >= 8
    for passage in (
        "3: In addition to the above",
        "3(8): advertisement distribution to other company websites",
        "4(1): in accordance with the terms specified in Item (1)",
        "4(1)B: to allow an Employer Company to view video interviews",
        "4(1)C: other relevant information",
        "6(3): please directly contact the Employee Company",
    ):
        assert passage in asked


@dataclass(frozen=True)
class Violation:
    """A use that the published policy forbids, and what must be said of it."""

    of: str
    use: Use
    reason: Reason
    clause: str
    ledger: MemoryLedger | None = None


def with_instances() -> MemoryLedger:
    return a_ledger(["employer_company/acme", "public_body/police", "third_party/ad-co", "service_provider/mailer"])


def with_claim(*conditions: str, subject: str = "s1", recipient: str = "public_body/police", **parts: Any) -> MemoryLedger:
    ledger = with_instances()
    claim: dict[str, Any] = {
        "id": "case-1",
        "conditions": frozenset(conditions),
        "subjects": frozenset({subject}),
        "data": "any",
        "recipient": recipient,
        "requested_by": "clerk",
        "approved_by": "manager",
        "approved": NOW.replace(year=2025),
        "expires": NOW.replace(year=2027),
        "uses": 1,
        "reference": "file 12",
        "authority": "the court",
    }
    ledger.enter(Claim(**(claim | parts)))
    return ledger


def with_objection(name: str) -> MemoryLedger:
    ledger = with_instances()
    ledger.enter(LodgedObjection("s1", name, NOW.replace(year=2025)))
    return ledger


def with_agreement(*conditions: str, ends: int = 2027) -> MemoryLedger:
    ledger = with_instances()
    begins, end = NOW.replace(year=2025, month=1), NOW.replace(year=ends)
    signed = Agreement(
        "service_provider/mailer",
        frozenset(conditions),
        "any",
        "any",
        begins,
        end,
        reference="contract 7",
        selection="review 3",
        country="JP",
    )
    ledger.enter(signed)
    return ledger


def to_police(purpose: str, claim: str | None = "case-1") -> Use:
    return Use("name", purpose, "public_body/police", subject="s1", channel="email", claim=claim)


def to_mailer() -> Use:
    return Use("email_address", "send_service_email", "service_provider/mailer", subject="s1")


BOTH_AGREED = ("satisfactory_experience", "confidentiality_agreement")

VIOLATIONS = [
    Violation("3: a second purpose for the same data", Use("email_address", "manage_sessions"), Reason.UNDECLARED_PURPOSE, "8(1)"),
    Violation(
        "3: personal information as a cookie would be", Use("cookie", "send_service_email"), Reason.UNDECLARED_PURPOSE, "3(2)"
    ),
    Violation("3(8): advertising by name", Use("name", "distribute_advertising"), Reason.UNDECLARED_PURPOSE, "3(8)"),
    Violation(
        "3(8): video to an ad network",
        Use("video_interview", "distribute_advertising", "third_party/ad-co"),
        Reason.UNDECLARED_PURPOSE,
        "3(8)",
    ),
    Violation(
        "3(8), 4: what may be advertised with, to another company",
        Use("usage_history", "distribute_advertising", "third_party/ad-co"),
        Reason.UNLISTED_RECIPIENT,
        "3(8)",
    ),
    Violation(
        "4(1): an employer for recruitment support",
        Use("name", "support_recruitment", "employer_company/acme"),
        Reason.UNLISTED_RECIPIENT,
        "4(1)",
    ),
    Violation(
        "4(1)C: what an employer is not shown",
        Use("usage_history", "view_video_interview", "employer_company/acme"),
        Reason.UNLISTED_RECIPIENT,
        "4(1)",
    ),
    Violation(
        "4(1)D: a name by an unknown channel",
        Use("name", "view_video_interview", "employer_company/acme", channel="fax"),
        Reason.UNKNOWN_CHANNEL,
        "",
    ),
    Violation("4(2): no consent", Use("name", "inform_and_survey", "third_party/ad-co"), Reason.UNLISTED_RECIPIENT, "3(5)"),
    Violation("4(2)A: the company itself", Use("name", "comply_with_law"), Reason.UNDECLARED_PURPOSE, "4(2)A"),
    Violation(
        "4(2)A: nothing but the caller's word",
        to_police("comply_with_law", claim="because"),
        Reason.UNLISTED_RECIPIENT,
        "4(2)A",
        with_instances(),
    ),
    Violation(
        "4(2)B: without difficulty",
        to_police("protect_life_body_or_assets"),
        Reason.UNLISTED_RECIPIENT,
        "4(2)B",
        with_claim("protects_life_body_or_assets"),
    ),
    Violation(
        "4(2)C: without difficulty",
        to_police("promote_public_health"),
        Reason.UNLISTED_RECIPIENT,
        "4(2)C",
        with_claim("improves_public_health"),
    ),
    Violation(
        "4(2)D: difficult instead of interferes",
        to_police("cooperate_with_public_body"),
        Reason.UNLISTED_RECIPIENT,
        "4(2)D",
        with_claim("cooperates_with_public_body", "consent_difficult"),
    ),
    Violation(
        "4(2)A: a claim for another person",
        to_police("comply_with_law"),
        Reason.UNLISTED_RECIPIENT,
        "4(2)A",
        with_claim("required_by_law", subject="s2"),
    ),
    Violation(
        "4(2)A: a claim for another recipient",
        to_police("comply_with_law"),
        Reason.UNLISTED_RECIPIENT,
        "4(2)A",
        with_claim("required_by_law", recipient="third_party/ad-co"),
    ),
    Violation(
        "4(2)A: a claim that has expired",
        to_police("comply_with_law"),
        Reason.UNLISTED_RECIPIENT,
        "4(2)A",
        with_claim("required_by_law", expires=NOW),
    ),
    Violation("5: a processor without agreement", to_mailer(), Reason.UNMET_CONDITION, "5", with_instances()),
    Violation(
        "5: a processor that only signed", to_mailer(), Reason.UNMET_CONDITION, "5", with_agreement("confidentiality_agreement")
    ),
    Violation("5: an agreement that has lapsed", to_mailer(), Reason.UNMET_CONDITION, "5", with_agreement(*BOTH_AGREED, ends=2026)),
    Violation(
        "5: a processor for a purpose that is not the company's",
        Use("name", "distribute_advertising", "service_provider/mailer", subject="s1"),
        Reason.UNDECLARED_PURPOSE,
        "3(8)",
        with_agreement(*BOTH_AGREED),
    ),
    Violation(
        "6(2): use was suspended",
        Use("email_address", "send_service_email", subject="s1"),
        Reason.OBJECTION_IN_FORCE,
        "6(2)",
        with_objection("suspend_use"),
    ),
    Violation(
        "6(2): provision was suspended",
        Use("name", "view_video_interview", "employer_company/acme", subject="s1", channel="email"),
        Reason.OBJECTION_IN_FORCE,
        "6(2)",
        with_objection("suspend_provision"),
    ),
    Violation(
        "8(1): cookies were refused",
        Use("cookie", "manage_sessions", subject="s1"),
        Reason.OBJECTION_IN_FORCE,
        "8(1)",
        with_objection("refuse_cookies"),
    ),
    Violation(
        "8(1): cookies were refused, and with them browsing information as a whole",
        Use("browsing_information", "obtain_statistics", subject="s1"),
        Reason.OBJECTION_IN_FORCE,
        "8(1)",
        with_objection("refuse_cookies"),
    ),
    Violation(
        "8(2): the external company of the beacons",
        Use("access_history", "obtain_statistics", "third_party/beacons"),
        Reason.UNLISTED_RECIPIENT,
        "8(1)",
    ),
    Violation("a misspelt category", Use("emial_address", "send_service_email"), Reason.UNKNOWN_CATEGORY, ""),
    Violation("a misspelt purpose", Use("email_address", "send_service_mail"), Reason.UNKNOWN_PURPOSE, ""),
    Violation("a misspelt recipient", Use("name", "view_video_interview", "employer_compny/acme"), Reason.UNKNOWN_RECIPIENT, ""),
    Violation(
        "an employer that nobody registered",
        Use("name", "view_video_interview", "employer_company/globex", subject="s1", channel="email"),
        Reason.UNKNOWN_RECIPIENT,
        "",
        with_instances(),
    ),
    Violation(
        "an ad network spelt as an employer",
        Use("name", "view_video_interview", "employer_company/ad-co", subject="s1", channel="email"),
        Reason.UNKNOWN_RECIPIENT,
        "",
        with_instances(),
    ),
    Violation("nobody's data", Use("name", "provide_service"), Reason.SUBJECT_REQUIRED, "", with_instances()),
    Violation(
        "4(1)D: an unrecorded method",
        Use("name", "view_video_interview", "employer_company/acme", subject="s1"),
        Reason.CHANNEL_REQUIRED,
        "",
        with_instances(),
    ),
]


@pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda violation: violation.of)
def test_the_violation_is_stopped_with_its_reason_and_its_clause(violation: Violation) -> None:
    gate = Gate(POLICY, ledger=violation.ledger, clock=lambda: NOW)
    use = violation.use

    with pytest.raises(PurposeViolation) as caught:
        gate.check(use.data_category, use.purpose, use.recipient, subject=use.subject, channel=use.channel, claim=use.claim)

    decision = caught.value.decision
    assert decision.reason is violation.reason
    assert violation.clause in (decision.clauses or ("",))
    assert f"[{violation.reason}]" in str(caught.value)
    assert not violation.clause or f"clause {violation.clause}: “" in str(caught.value)


@pytest.mark.parametrize("approver", ["clerk", "Clerk ", " ", ""])
def test_a_claim_that_its_requester_approved_or_nobody_is_none(approver: str) -> None:
    with pytest.raises(ValueError, match=r"approved by another person|not blank"):
        with_claim("required_by_law", approved_by=approver)


PERMITTED = [
    (to_police("comply_with_law"), lambda: with_claim("required_by_law"), "4(2)A"),
    (to_police("protect_life_body_or_assets"), lambda: with_claim("protects_life_body_or_assets", "consent_difficult"), "4(2)B"),
    (to_police("promote_public_health"), lambda: with_claim("improves_public_health", "consent_difficult"), "4(2)C"),
    (
        to_police("cooperate_with_public_body"),
        lambda: with_claim("cooperates_with_public_body", "consent_would_interfere"),
        "4(2)D",
    ),
    (to_mailer(), lambda: with_agreement(*BOTH_AGREED), "5"),
    (Use("name", "respond_to_disclosure_request", "data_subject", subject="s1"), lambda: with_objection("suspend_use"), "6(2)"),
    (Use("email_address", "send_service_email", subject="s1"), lambda: with_objection("suspend_provision"), "3(2)"),
    (Use("email_address", "send_service_email", subject="s1"), lambda: with_objection("refuse_cookies"), "3(2)"),
]


@pytest.mark.parametrize(("use", "a_new_ledger", "clause"), PERMITTED, ids=lambda value: getattr(value, "purpose", None))
def test_what_the_prose_allows_is_permitted_by_its_clause(use: Use, a_new_ledger: Callable[[], MemoryLedger], clause: str) -> None:
    """A policy that denied everything would stop every violation, too."""
    gate = Gate(POLICY, ledger=a_new_ledger(), clock=lambda: NOW)

    decision = gate.check(use.data_category, use.purpose, use.recipient, subject=use.subject, channel=use.channel, claim=use.claim)

    assert decision.permitted
    assert clause in decision.clauses


def test_a_consent_permits_what_it_names_until_it_is_withdrawn() -> None:
    ledger = with_instances()
    names: dict[str, Any] = {"data": ("name",), "purposes": ("inform_and_survey",), "recipients": ("third_party/ad-co",)}
    ledger.enter(Consent("s1", "consent", given=NOW.replace(year=2025), **names))
    gate = Gate(POLICY, ledger=ledger, clock=lambda: NOW)

    def reason(category: str, recipient: str, subject: str = "s1") -> Reason:
        return gate.decide(category, "inform_and_survey", recipient, subject=subject, channel="email").reason

    assert reason("name", "third_party/ad-co") is Reason.PERMITTED
    assert reason("email_address", "third_party/ad-co") is Reason.UNLISTED_RECIPIENT
    assert reason("name", "employer_company/acme") is Reason.UNLISTED_RECIPIENT
    assert reason("name", "third_party/ad-co", subject="s2") is Reason.UNLISTED_RECIPIENT
    ledger.enter(Withdrawal("s1", "consent", NOW))
    assert reason("name", "third_party/ad-co") is Reason.UNLISTED_RECIPIENT


def test_an_exception_that_could_permit_is_named_with_what_it_lacks() -> None:
    decision = ENGINE.decide(Use("name", "protect_life_body_or_assets", "third_party/hospital"), a_context(["consent_difficult"]))

    assert decision.reason is Reason.UNLISTED_RECIPIENT
    assert [(lack.citation.clause, lack.unmet) for lack in decision.exceptions] == [
        ("4(2)", ("consent",)),
        ("4(2)B", ("protects_life_body_or_assets",)),
    ]


def test_a_use_without_a_channel_carries_the_listed_ones_as_an_obligation() -> None:
    decision = ENGINE.decide(Use("name", "view_video_interview", "employer_company/acme"), a_context())

    assert decision.permitted
    assert decision.channels == ("website", "email")


def _conditions(category: str, purpose: str, recipient: str) -> list[str]:
    rules = [
        rule
        for rule in (*DOCUMENT["uses"], *DOCUMENT["provisions"], *DOCUMENT["exceptions"])
        if covers(DOCUMENT, rule, "data", "categories", category)
        and covers(DOCUMENT, rule, "purposes", "purposes", purpose)
        and ("recipients" not in rule or covers(DOCUMENT, rule, "recipients", "recipients", recipient))
    ]
    return sorted({condition for rule in rules for condition in rule["conditions"]})


def _objections(category: str, purpose: str, recipient: str) -> list[str]:
    def touches(objection: dict[str, Any], key: str, kind: str, name: str) -> bool:
        return objection[key] == "any" or any(overlap(DOCUMENT, kind, name, each) for each in objection[key])

    return [
        name
        for name, objection in DOCUMENT["objections"].items()
        if touches(objection, "data", "categories", category)
        and touches(objection, "purposes", "purposes", purpose)
        and touches(objection, "recipients", "recipients", recipient)
    ]


def _sets(names: list[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))


def _known(shown: tuple[str, ...], objections: tuple[str, ...]) -> dict[str, Any]:
    return {"shown": shown, "objections": objections, "consulted": False, "registered": False, "too_early": False}
