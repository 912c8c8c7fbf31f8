"""Only premium employers are asked about; the read comes after both branches."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Interview:
    id: str
    video: Annotated[str, Personal("video_interview")]


def player_url(interview: Interview, employer: str, *, premium: bool) -> str:
    if premium:
        gate.check("video_interview", "view_video_interview", f"employer_company/{employer}")
        quality = "1080p"
    else:
        quality = "480p"
    return f"/play/{interview.video}?q={quality}"  # finds: unguarded-read
