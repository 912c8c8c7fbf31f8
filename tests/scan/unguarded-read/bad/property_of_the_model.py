"""A property of the model reads the field for whoever asks, and one of them asks unguarded."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]

    @property
    def initials(self) -> str:
        return "".join(part[0] for part in self.name.split())  # finds: unguarded-read


def avatar(applicant: Applicant) -> str:
    return f"/avatars/{applicant.initials}.png"
