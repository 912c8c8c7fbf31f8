"""The pytest plugin, in suites that pytest runs for real."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from builders import SHIPPED, a_folder

ROOT = Path(__file__).parent.parent
INI = "[pytest]\npurposegate_policy = policies/en-japan-video-interview.yaml\n"
MAILING = """
def test_mail(purposegate_gate, purposegate_decisions):
    purposegate_gate.check("email_address", "send_service_email")
    assert len(purposegate_decisions) == 1

def test_alone(purposegate_gate, purposegate_decisions):
    assert purposegate_decisions == []
"""


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder with the shipped policy, and a suite that exercises one purpose of it."""
    shutil.copytree(SHIPPED.parent, pytester.path / "policies")
    pytester.makefile(".ini", pytest=INI)
    pytester.makepyfile(MAILING)
    return pytester


def run(suite: pytest.Pytester, *options: str) -> pytest.RunResult:
    return suite.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:randomly", *options)


def test_each_test_has_a_gate_and_its_own_decisions_and_nothing_is_reported_unasked(suite: pytest.Pytester) -> None:
    result = run(suite)

    result.assert_outcomes(passed=2)
    assert "never exercised" not in result.stdout.str()


def test_the_report_names_what_was_never_exercised_with_its_place(suite: pytest.Pytester) -> None:
    result = run(suite, "--purposegate-report")

    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "*= purposegate =*",
            "purposes never exercised: 20 of 21",
            "  view_video_interview  policies/en-japan-video-interview.yaml:*",
            "provisions never exercised: 7 of 7",
            "  clause 4(1)  policies/en-japan-video-interview.yaml:*",
        ]
    )
    assert "  send_service_email" not in result.stdout.str()


def test_a_suite_that_leaves_something_out_fails_where_that_is_asked_for(suite: pytest.Pytester) -> None:
    assert run(suite, "--purposegate-fail").ret == pytest.ExitCode.TESTS_FAILED


def test_a_suite_that_exercises_everything_passes(suite: pytest.Pytester) -> None:
    suite.makefile(".yaml", policy=(ROOT / "examples" / "hiring-service.yaml").read_text())
    shutil.copy(ROOT / "examples" / "hiring-service.txt", suite.path)
    suite.makefile(".ini", pytest="[pytest]\npurposegate_policy = policy.yaml\n")
    suite.makepyfile(
        """
        from purposegate import Gate

        def test_all(purposegate_policy, purposegate_trail):
            facts = {name: lambda use: True for name in purposegate_policy.conditions}
            gate = Gate(purposegate_policy, facts=facts, trail=purposegate_trail)
            for data in purposegate_policy.categories:
                for purpose in purposegate_policy.purposes:
                    for recipient in purposegate_policy.recipients:
                        gate.decide(data, purpose, recipient)
        """
    )

    result = run(suite, "--purposegate-fail")

    assert result.ret == 0, result.stdout.str()
    assert "purposes never exercised: 0 of" in result.stdout.str()


def test_a_test_that_fails_half_way_still_counts_and_still_fails(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        def test_denied(purposegate_gate):
            purposegate_gate.check("email_address", "send_service_email")
            purposegate_gate.check("video_interview", "distribute_advertising", "third_party/x")
        """
    )

    result = run(suite, "--purposegate-fail")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["purposes never exercised: 20 of 21"])


@pytest.mark.parametrize(
    ("ini", "said"),
    [
        ("[pytest]\n", "*set `purposegate_policy`*"),
        ("[pytest]\npurposegate_policy = nowhere.yaml\n", "*nowhere.yaml*"),
        ("[pytest]\npurposegate_policy = broken.yaml\n", "*broken.yaml:1:*"),
        ("[pytest]\npurposegate_policy = hopeless.yaml\n", "*error?never?*"),
    ],
)
def test_a_suite_without_a_policy_that_can_be_read_says_so_and_does_not_pass(suite: pytest.Pytester, ini: str, said: str) -> None:
    suite.makefile(".ini", pytest=ini)
    suite.makefile(".yaml", broken="policy: 1\n")
    never = [{"data": "any", "purposes": "any", "recipients": "any", "unless": []}]
    (suite.path / "hopeless.yaml").write_bytes(a_folder(suite.path, never=never).read_bytes())

    result, reporting = run(suite), run(suite, "--purposegate-report")

    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines([said])
    assert "pytest_purposegate.py" not in result.stdout.str()  # the complaint, and no traceback
    assert reporting.ret == pytest.ExitCode.USAGE_ERROR
    reporting.stderr.fnmatch_lines([said])
    assert "purposegate =" not in reporting.stdout.str()
    reporting.assert_outcomes()  # no test ran before it was refused


def test_collecting_reports_nothing_and_an_empty_suite_reports_everything(suite: pytest.Pytester) -> None:
    assert "never exercised" not in run(suite, "--purposegate-report", "--collect-only").stdout.str()

    suite.makepyfile("")
    result = run(suite, "--purposegate-report")

    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    result.stdout.fnmatch_lines(["purposes never exercised: 21 of 21"])


def test_what_a_test_takes_out_of_its_list_was_exercised_all_the_same(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        def test_mail(purposegate_gate, purposegate_decisions):
            purposegate_gate.check("email_address", "send_service_email")
            purposegate_decisions.clear()
        """
    )

    run(suite, "--purposegate-report").stdout.fnmatch_lines(["purposes never exercised: 20 of 21"])


def test_the_policy_is_found_and_named_the_same_wherever_a_test_goes(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import os, pytest

        @pytest.fixture
        def elsewhere(tmp_path, monkeypatch):
            monkeypatch.chdir(tmp_path)

        def test_mail(elsewhere, purposegate_gate):
            place = purposegate_gate.decide("email_address", "send_service_email").citations[0].location
            assert place.path == "policies/en-japan-video-interview.yaml"
        """
    )

    assert run(suite).ret == 0


def test_a_run_that_only_sets_up_is_not_failed_for_what_it_did_not_do(suite: pytest.Pytester) -> None:
    assert run(suite, "--setup-only", "--purposegate-fail").ret == 0


def test_what_workers_exercised_counts(suite: pytest.Pytester) -> None:
    suite.makeconftest(
        """
        import json
        from types import SimpleNamespace

        def pytest_sessionfinish(session):
            import pytest_purposegate as plugin
            exercise = plugin._begun(session.config)
            rules = [exercise.policy.place("provisions", number) for number in range(7)]
            places = [[place.line, place.column] for place in rules]
            sent = {"digest": exercise.policy.digest, "purposes": ["monitor_usage"], "provisions": places}
            node = SimpleNamespace(config=session.config, workeroutput={"purposegate": json.dumps(sent)})
            plugin.pytest_testnodedown(node, None)
        """
    )

    result = run(suite, "--purposegate-report")

    result.stdout.fnmatch_lines(["purposes never exercised: 19 of 21", "provisions never exercised: 0 of 7"])


def test_the_plugin_imports_nothing_of_the_library_before_a_test_asks_for_it() -> None:
    code = "import sys, pytest_purposegate; sys.exit('purposegate' in sys.modules or 'pydantic' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, timeout=120).returncode == 0


def test_the_example_suite_passes_and_reports() -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--purposegate-report"]

    done = subprocess.run(command, cwd=ROOT / "examples" / "pytest_suite", capture_output=True, text=True, check=False, timeout=120)

    assert "3 passed" in done.stdout
    assert "purposes never exercised: 18 of 21" in done.stdout
    assert "clause 5  ../../policies/en-japan-video-interview.yaml:" in done.stdout
