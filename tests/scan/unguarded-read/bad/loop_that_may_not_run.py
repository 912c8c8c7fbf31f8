"""Without an employer in the list nothing was ever checked."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]


def announce(applicant: Applicant, employers: list[str]) -> str:
    for employer in employers:
        gate.check("name", "view_video_interview", f"employer_company/{employer}")
    return f"{applicant.name} has applied to {len(employers)} employers"  # finds: unguarded-read
