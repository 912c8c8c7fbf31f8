"""A guard under `property` asks whenever the attribute is read."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]

    @property
    @gate.guard("name", purpose="provide_service")
    def initials(self) -> str:
        return "".join(part[0] for part in self.name.split())


def avatar(applicant: Applicant) -> str:
    return f"/avatars/{applicant.initials}.png"
