"""A suite that asks the policy. Run it here: `pytest --purposegate-report`."""

import pytest
from mailing import export, remind

from purposegate import Gate, PurposeViolation, Record
from purposegate.testing import assert_denied, assert_permitted


def test_a_reminder_is_mailed(purposegate_gate: Gate, purposegate_decisions: list[Record]) -> None:
    outbox: list[str] = []

    remind(purposegate_gate, "hanako@example.com", outbox)

    assert outbox == ["hanako@example.com"]
    assert [record.decision.clauses for record in purposegate_decisions] == [("3(2)",)]


def test_no_video_reaches_an_ad_network(purposegate_gate: Gate) -> None:
    network: list[str] = []

    with pytest.raises(PurposeViolation):
        export(purposegate_gate, ["interview-1.mp4"], network)

    assert network == []


def test_what_the_policy_says_about_employers(purposegate_gate: Gate) -> None:
    assert_permitted(purposegate_gate, "video_interview", "view_video_interview", "employer_company/acme")
    assert_denied(purposegate_gate, "usage_history", "view_video_interview", "employer_company/acme")
