"""What the commands that judge a use have in common: which policy, what is taken as shown, and the verdict's exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from purposegate.cli import render
from purposegate.cli.configuring import policy_of_the_project
from purposegate.cli.exits import COULD_NOT_RUN, DENIED, OK
from purposegate.engine.judge import Engine
from purposegate.engine.use import Context, Use
from purposegate.errors import PolicyError
from purposegate.findings import did_you_mean
from purposegate.policy.loader import load
from purposegate.policy.terms import presentable

_POLICIES = Path("policies")


def judge(use: Use, *, assume: Iterable[str] = (), policy: str | None = None, as_json: bool = False) -> int:
    """Decide one use by the policy alone, print the verdict, and give its exit code."""
    engine = engine_of(policy)
    decision = engine.decide(use, context_of(engine, assume))
    if as_json:
        render.as_json(render.decision_as_dict(decision))
    else:
        render.decision(decision)
    return OK if decision.permitted else DENIED


def engine_of(path: str | None) -> Engine:
    """Compile the policy of a path, or the project's, or the only one in ./policies; exit where there is none to be used."""
    chosen = path or policy_of_the_project() or only_policy()
    try:
        return Engine(load(chosen))
    except PolicyError as error:
        print(error, file=sys.stderr)
        raise SystemExit(COULD_NOT_RUN) from None


def context_of(engine: Engine, assume: Iterable[str]) -> Context:
    """Take conditions as shown; exit where one is not the policy's."""
    known = engine.policy.conditions
    shown = frozenset(assume)
    for name in sorted(shown):
        if name not in known:
            stop(f"the policy knows no condition `{presentable(name)}`", did_you_mean(name, known))
    return Context(datetime.now(UTC), shown)


def only_policy() -> Path:
    """Give the only policy in ./policies; exit where there is none, or several."""
    found = sorted(path for path in _POLICIES.glob("*.yaml") if not path.name.endswith(".test.yaml"))
    if len(found) != 1:
        stop(
            f"there are {len(found)} policies in ./{_POLICIES}",
            "name the policy, or set `policy` under `[tool.purposegate]`",
        )
    return found[0]


def stop(message: str, help_: str | None) -> NoReturn:
    """Say why the command could not run, and exit."""
    print(f"purposegate: {message}", file=sys.stderr)
    if help_:
        print(f"help: {help_}", file=sys.stderr)
    raise SystemExit(COULD_NOT_RUN)
