"""Characters that have no place in a policy, however it is written."""

from __future__ import annotations

import re
from typing import Final

# Control characters, and what the eye or another program's line count would be deceived by: the other line separators,
# bidirectional overrides, marks and letters that show as nothing, a byte order mark in the middle, non-characters.
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\u3164"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff]"
)
# The same beyond the first 65,536 characters: looked for where there are any, since that takes ten times as long.
_BEYOND: Final = re.compile("[\U00010000-\U0010ffff]")
# As text, since compiling it would take a part of every start and it is hardly ever looked for.
_FORBIDDEN_BEYOND: Final = (
    "[\U000e0000-\U000e007f" + "".join(f"{chr(end - 2)}{chr(end - 1)}" for end in range(0x20000, 0x120000, 0x10000)) + "]"
)


def forbidden_in(text: str) -> re.Match[str] | None:
    """Find the first character that has no place in a policy."""
    patterns = (_FORBIDDEN, re.compile(_FORBIDDEN_BEYOND)) if _BEYOND.search(text) else (_FORBIDDEN,)
    found = [match for match in (pattern.search(text) for pattern in patterns) if match]
    return min(found, key=re.Match.start, default=None)


def without_forbidden(text: str) -> str:
    """Give a text in which a mark stands for each such character."""
    return re.sub(_FORBIDDEN_BEYOND, "\ufffd", _FORBIDDEN.sub("\ufffd", text))


def one_line(text: str) -> str:
    """Give a text as one line in which a mark stands for each such character."""
    return without_forbidden(" ".join(text.split()))
