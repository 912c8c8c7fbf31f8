"""`getattr` with the name of a labelled field is a read of it."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Applicant:
    id: str
    video: Annotated[str, Personal("video_interview")]


def thumbnail(applicant: Applicant) -> str:
    source = getattr(applicant, "video", None)  # finds: unguarded-read
    return f"{source}.jpg"
