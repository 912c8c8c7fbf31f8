"""The cases beside the shipped policy cover all of it, and notice when it says something else."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import SHIPPED

from purposegate import Reason
from purposegate.errors import PolicyError
from purposegate.tools.casebook import Library
from purposegate.tools.trial import Trial, trial

FOLDER = SHIPPED.parent
DOCUMENT: dict[str, Any] = yaml.load(SHIPPED.read_bytes(), Loader=yaml.BaseLoader)  # noqa: S506 - builds text only


def shipped() -> Trial:
    return trial(Library().gather([FOLDER]))


def test_every_case_comes_out_as_the_prose_has_it_and_every_clause_decides_one() -> None:
    tried = shipped()

    assert tried.failed == 0
    assert [(Path(coverage.policy), coverage.percent) for coverage in tried.coverage] == [(SHIPPED, 100)]


def test_every_reason_that_this_policy_can_give_is_expected_by_a_case() -> None:
    """Its one provision that lists channels lists all that there are."""
    expected = {outcome.case.reason for _, outcomes in shipped().outcomes for outcome in outcomes}

    assert set(Reason) - expected == {Reason.UNLISTED_CHANNEL}


def _rule(document: dict[str, Any], section: str, clause: str) -> dict[str, Any]:
    return next(rule for rule in document[section] if rule["clause"] == clause)


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "advertising by name": lambda policy: _rule(policy, "uses", "3(8)")["data"].append("name"),
    "no advertising by usage history": lambda policy: _rule(policy, "uses", "3(8)")["data"].remove("usage_history"),
    "the company complies with the law by itself": lambda policy: _rule(policy, "uses", "4(2)A").pop("provision_only"),
    "employers are shown what people answered": lambda policy: _rule(policy, "provisions", "4(1)")["data"].append(
        "survey_response"
    ),
    "employers are supported": lambda policy: _rule(policy, "provisions", "4(1)")["purposes"].append("support_recruitment"),
    "whoever signs is entrusted": lambda policy: _rule(policy, "provisions", "5")["conditions"].remove("satisfactory_experience"),
    "consent need not be difficult": lambda policy: _rule(policy, "exceptions", "4(2)B")["conditions"].remove("consent_difficult"),
    "a suspension of use spares consent": lambda policy: policy["objections"]["suspend_use"]["exempt"].append("4(2)"),
    "a suspension of use stops what the law requires": lambda policy: policy["objections"]["suspend_use"]["exempt"].remove("4(2)A"),
    "cookies are all there is": lambda policy: policy["objections"]["refuse_cookies"]["data"].append("access_history"),
    "cookies are personal information": lambda policy: policy["categories"]["cookie"].update(parent="personal_information"),
    "always in force": lambda policy: policy["policy"].pop("effective"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_what_the_policy_means_fails_a_case(change: Callable[[dict[str, Any]], object], tmp_path: Path) -> None:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    document["never"] = []  # the cases have to notice by themselves
    for path in FOLDER.glob("en-japan*"):
        shutil.copy(path, tmp_path)
    text = json.dumps(document).replace('"true"', "true").replace('"purposegate": "1"', '"purposegate": 1')
    (tmp_path / SHIPPED.name).write_text(text)

    assert trial(Library().gather([tmp_path])).failed > 0


def test_cases_of_a_clause_that_is_no_more_cannot_be_read(tmp_path: Path) -> None:
    document = copy.deepcopy(DOCUMENT)
    document["uses"] = [clause for clause in document["uses"] if clause["clause"] != "3(7)"]
    for path in FOLDER.glob("en-japan*"):
        shutil.copy(path, tmp_path)
    text = json.dumps(document).replace('"true"', "true").replace('"purposegate": "1"', '"purposegate": 1')
    (tmp_path / SHIPPED.name).write_text(text)

    with pytest.raises(PolicyError, match="no rule of the policy cites this clause"):
        Library().gather([tmp_path])
