"""The model is looked up in a dictionary that an attribute holds."""

from dataclasses import dataclass, field
from typing import Annotated

from purposegate import Personal


@dataclass
class Applicant:
    id: str
    video: Annotated[str, Personal("video_interview")]


@dataclass
class Store:
    applicants: dict[str, Applicant] = field(default_factory=dict)

    def path(self, applicant_id: str) -> str:
        return "/videos/" + self.applicants[applicant_id].video  # finds: unguarded-read
