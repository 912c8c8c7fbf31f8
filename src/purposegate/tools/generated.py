"""A generated module on disk: put in its place, or held to be the one that would be put there."""

from __future__ import annotations

from pathlib import Path

from purposegate.errors import PolicyError
from purposegate.policy.files import Files, complaint
from purposegate.tools.placing import put


def write(text: str, output: str | Path) -> None:
    """Put a module in its place at once, or raise `PurposegateError` and leave what was there."""
    put(text.encode(), output, "the module")


def demand(text: str, output: str | Path) -> None:
    """Raise `PolicyError` where a file is not this module, whatever ends its lines."""
    there, refusal = Files().read(Path(output), "the module")
    if there is None:
        raise PolicyError([refusal])
    if there.replace(b"\r\n", b"\n") != text.encode():
        raise PolicyError([complaint("stale", "the module is not that of the policy; generate it again", output)])
