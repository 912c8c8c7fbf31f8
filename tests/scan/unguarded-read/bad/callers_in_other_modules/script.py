"""The caller that does not ask, under another name."""

from .formatting import Candidate
from .formatting import salutation as greet


def preview(candidates: list[Candidate]) -> str:
    return "\n".join(greet(candidate) for candidate in candidates)
