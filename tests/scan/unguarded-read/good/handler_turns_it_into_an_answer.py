"""The handler ends the function with an error of the web framework."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import HTTPException

from purposegate import Gate, Personal, PurposeViolation

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Interview:
    id: str
    video: Annotated[str, Personal("video_interview")]


def stream(interview: Interview, employer: str) -> str:
    try:
        gate.check("video_interview", "view_video_interview", f"employer_company/{employer}")
    except PurposeViolation as violation:
        raise HTTPException(403, "not for you") from violation
    return interview.video
