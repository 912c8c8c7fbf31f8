"""A loop over a literal tuple checks each of them; it cannot be empty."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]
    video: Annotated[str, Personal("video_interview")]


def show(applicant: Applicant, employer: str) -> str:
    for data_category in ("name", "video_interview"):
        gate.check(data_category, "view_video_interview", f"employer_company/{employer}", subject=applicant.id)
    return f"{applicant.name}: {applicant.video}"
