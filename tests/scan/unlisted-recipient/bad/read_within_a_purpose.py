"""Under the purpose of an employer's view the history of a visitor is read."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]
    visits: Annotated[list[str], Personal("usage_history")]


def card(applicant: Applicant, employer: str) -> dict[str, object]:
    with gate.purpose("view_video_interview", f"employer_company/{employer}"):
        return {
            "title": applicant.name,
            "active": len(applicant.visits) > 3,  # finds: unlisted-recipient
        }
