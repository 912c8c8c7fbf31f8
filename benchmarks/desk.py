"""What the desk costs: linting a policy of ten thousand provisions beside reading it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from rows import Row, interleaved
from sizes import PROSE, a_policy_of, as_block_yaml

from purposegate.policy.inspection import inspect
from purposegate.tools.lint import lint

LINTED = 10_000


def rows(rounds: int) -> list[Row]:
    """Time `lint` and `inspect` of the same file in turn; the one includes the other."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "large.yaml"
        path.write_text(as_block_yaml(a_policy_of(LINTED)))
        (Path(folder) / "large.txt").write_text(PROSE)

        def reading() -> float:
            return _seconds(lambda: inspect(path))

        def linting() -> float:
            return _seconds(lambda: list(lint(path)))

        seconds = interleaved([reading, linting], rounds)
    return [
        Row(
            f"`lint` of {LINTED:,} provisions",
            f"reading them, {seconds[reading] * 1e3:.0f} ms",
            f"{seconds[linting] * 1e3:.0f} ms",
            seconds[linting] / seconds[reading],
            2.0,
        )
    ]


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
