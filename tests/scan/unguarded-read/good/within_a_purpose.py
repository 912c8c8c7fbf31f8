"""Inside of the block every category that its purpose opens may be read."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]
    video: Annotated[str, Personal("video_interview")]


def presentation(applicant: Applicant, employer: str) -> dict[str, str]:
    with gate.purpose("view_video_interview", f"employer_company/{employer}", subject=applicant.id):
        return {"title": applicant.name, "src": applicant.video}
