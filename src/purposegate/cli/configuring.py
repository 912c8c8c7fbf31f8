"""What the project says of itself, for the commands that go by it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from purposegate.cli.exits import COULD_NOT_RUN

if TYPE_CHECKING:
    from collections.abc import Collection

    from purposegate.tools.configuration import Configuration


def configured(
    config: str | None = None,
    rules: Collection[str] | None = None,
    *,
    kinds: Collection[str] | None = None,
    isolated: bool = False,
) -> Configuration:
    """Read the named file, the nearest that speaks of purposegate, or none where it is isolated; exit where it cannot be used."""
    from purposegate.tools.configuration import Configuration, nearest, read  # noqa: PLC0415 - a command imports only its own tool

    if isolated:
        return Configuration()
    configuration, findings = nearest(Path.cwd(), rules, kinds) if config is None else read(Path(config), rules, kinds)
    if findings:
        for finding in findings:
            print(finding, file=sys.stderr)
        raise SystemExit(COULD_NOT_RUN)
    if config is not None and configuration.path is None:
        print("purposegate: the file named with --config says nothing of purposegate", file=sys.stderr)
        print("help: its table is `[tool.purposegate]`", file=sys.stderr)
        raise SystemExit(COULD_NOT_RUN)
    return configuration


def policy_of_the_project() -> str | None:
    """Give the policy that the project names, where it names one."""
    return configured().policy if _is_spoken_of() else None


def _is_spoken_of() -> bool:
    """Tell whether a file may speak of purposegate: most verdicts need not pay for what it takes to read one."""
    from purposegate.tools.mentioning import may_mention  # noqa: PLC0415 - a command imports only its own tool

    for folder in (Path.cwd(), *Path.cwd().parents):
        try:
            if may_mention((folder / "pyproject.toml").read_bytes()):
                return True
        except FileNotFoundError:
            continue
        except OSError:
            return True  # reading it will say what is wrong
    return False
