"""pytest plugin: a gate with its decisions recorded, and what of the policy the suite never exercised.

    [tool.pytest.ini_options]
    purposegate_policy = "policies/en-japan-video-interview.yaml"

`purposegate_gate` is a gate of that policy; `purposegate_decisions` is what it decided in this test. Nothing of the library is
imported before a test asks for it: a plugin is loaded in every suite, and before coverage is measured.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

# So that whoever derives from the contract of a ledger sees what was compared.
pytest.register_assert_rewrite("purposegate.testing.ledger_contract")

if TYPE_CHECKING:
    from purposegate import Gate, MemorySink, Record
    from purposegate.policy.policy import Policy
    from purposegate.testing import Exercise

_EXERCISE = pytest.StashKey["Exercise"]()
_SENT = "purposegate"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the policy of the suite, and what is to become of what it leaves out."""
    parser.addini("purposegate_policy", "the policy that `purposegate_gate` is a gate of; a path from the root folder")
    group = parser.getgroup("purposegate")
    group.addoption("--purposegate-report", action="store_true", help="tell which purposes and provisions were never exercised")
    group.addoption("--purposegate-fail", action="store_true", help="the same, and fail where there are some")


@pytest.fixture(scope="session")
def purposegate_policy(pytestconfig: pytest.Config) -> Policy:
    """The policy that the ini option `purposegate_policy` names, read once."""
    return _exercise_or_fail(pytestconfig).policy


@pytest.fixture
def purposegate_trail(pytestconfig: pytest.Config) -> MemorySink:
    """A trail whose decisions count as exercised: for a gate of your own, with a ledger or facts."""
    exercise = _exercise_or_fail(pytestconfig)
    from purposegate.testing import ExercisingSink  # noqa: PLC0415 - see above

    return ExercisingSink(exercise)


@pytest.fixture
def purposegate_gate(purposegate_policy: Policy, purposegate_trail: MemorySink) -> Gate:
    """A gate of the suite's policy, fresh for each test, without a ledger or facts."""
    from purposegate import Gate  # noqa: PLC0415 - as above

    return Gate(purposegate_policy, trail=purposegate_trail)


@pytest.fixture
def purposegate_decisions(purposegate_trail: MemorySink) -> list[Record]:
    """What was decided in this test, in order."""
    return purposegate_trail.records


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Refuse to run, before any test does, where what is to be told could not be."""
    if _wanted(session.config):
        _exercise(session.config)


def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:  # noqa: ANN401 - pytest does not publish the type
    """Tell what was never exercised."""
    if _wanted(config) and exitstatus != pytest.ExitCode.USAGE_ERROR:
        terminalreporter.section("purposegate")
        for line in _exercise(config).report():
            terminalreporter.write_line(line)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a suite that leaves something out, where that was asked for; send what a worker saw."""
    config = session.config
    sent = getattr(config, "workeroutput", None)
    if sent is not None:
        if _EXERCISE in config.stash:
            sent[_SENT] = json.dumps(config.stash[_EXERCISE].to_json())
    elif config.getoption("--purposegate-fail") and _wanted(config) and session.exitstatus == pytest.ExitCode.OK:
        exercise = _exercise(config)
        if exercise.purposes_left or exercise.provisions_left:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:  # noqa: ANN401, ARG001 - of pytest-xdist
    """Count what a worker of pytest-xdist exercised."""
    sent = getattr(node, "workeroutput", {}).get(_SENT)
    if sent is not None:
        _exercise(node.config).merge(json.loads(sent))


def _wanted(config: pytest.Config) -> bool:
    asked = config.getoption("--purposegate-report") or config.getoption("--purposegate-fail")
    runs = not config.getoption("collectonly") and not config.getoption("setuponly")
    return bool(asked) and runs and not hasattr(config, "workerinput")


def _exercise(config: pytest.Config) -> Exercise:
    if _EXERCISE not in config.stash:
        config.stash[_EXERCISE] = _begun(config)
    return config.stash[_EXERCISE]


def _exercise_or_fail(config: pytest.Config) -> Exercise:
    try:
        return _exercise(config)
    except pytest.UsageError as error:
        said = str(error)
    pytest.fail(said, pytrace=False)  # out here, so that nothing but the complaint is shown


def _begun(config: pytest.Config) -> Exercise:
    from purposegate.engine.judge import Engine  # noqa: PLC0415 - as above
    from purposegate.errors import PurposegateError  # noqa: PLC0415 - as above
    from purposegate.policy.loader import load  # noqa: PLC0415 - as above
    from purposegate.testing import Exercise  # noqa: PLC0415 - as above

    path = str(config.getini("purposegate_policy"))
    if not path:
        raise pytest.UsageError("which policy? set `purposegate_policy` in the configuration of pytest")
    try:
        policy = replace(load(config.rootpath / path), path=path)  # called what the ini calls it, whatever the working directory is
        Engine(policy)  # a `never` that could be permitted is told here, once
        return Exercise(policy)
    except PurposegateError as error:
        raise pytest.UsageError(str(error)) from None
