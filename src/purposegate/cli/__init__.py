"""argv → tool → exit code."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; `--version` answers without importing anything that takes time."""
    if sys.argv[1:] == ["--version"]:
        from importlib.metadata import version  # noqa: PLC0415 - only here

        print(f"purposegate {version('purposegate')}")  # noqa: T201 - the command line prints
        return
    from purposegate.cli.app import run  # noqa: PLC0415 - see above

    run()
