"""The whole object is handed to the gate."""

from dataclasses import dataclass
from typing import Annotated, Any

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]
    video: Annotated[str, Personal("video_interview")]


def payload(applicant: Applicant) -> Any:
    return gate.disclose(applicant, "view_video_interview", "employer_company")
