"""Whichever branch is taken, the category was asked about."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Interview:
    id: str
    video: Annotated[str, Personal("video_interview")]


def source(interview: Interview, employer: str | None) -> str:
    if employer is None:
        gate.check("video_interview", "provide_service", "data_subject")
    else:
        gate.check("video_interview", "view_video_interview", f"employer_company/{employer}")
    return interview.video
