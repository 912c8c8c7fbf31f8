"""A check for the cookie says nothing about the whole access history."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Session:
    id: str
    browsing: Annotated[dict[str, str], Personal("browsing_information")]


def referrer(session: Session) -> str:
    gate.check("cookie", "manage_sessions")
    return session.browsing.get("referrer", "")  # finds: unguarded-read
