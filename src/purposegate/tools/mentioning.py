"""Whether a file of TOML may have a table `[tool.purposegate]`: most have none, and a verdict need not wait until they are read."""

from __future__ import annotations

import re


def may_mention(data: bytes) -> bool:
    """Tell whether the table can be there: its name in one line with `tool`, or `tool` opened by itself, and the name anywhere.

    It may be said of a file that has none, and never of one that has it that it has not; but for a name that is written by escapes.
    """
    if b"purposegate" not in data:
        return False
    opened = rb"""tool.*purposegate|^[ \t]*\[[ \t]*["']?tool["']?[ \t]*\]|^[ \t]*["']?tool["']?[ \t]*[=.]"""
    return re.search(opened, data, re.MULTILINE) is not None
