"""The decorator asks before the first line runs."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import From, Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Interview:
    id: str
    video: Annotated[str, Personal("video_interview")]


@gate.guard("video_interview", purpose="view_video_interview", recipient="employer_company", subject=From("interview.id"))
def player_url(interview: Interview, quality: str = "720p") -> str:
    return f"/play/{interview.video}?q={quality}"
