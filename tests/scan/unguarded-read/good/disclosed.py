"""What goes out is taken from the object by the gate, and nothing else."""

from dataclasses import dataclass
from typing import Annotated, Any

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]
    video: Annotated[str, Personal("video_interview")]


def payload(applicant: Applicant, employer: str) -> dict[str, Any]:
    plain: dict[str, Any] = gate.disclose(applicant, "view_video_interview", f"employer_company/{employer}")
    plain["shown_at"] = "09:00"
    return plain
