"""`model_dump` reads every field of the model."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel

from purposegate import Personal


class Candidate(BaseModel):
    id: str
    email: Annotated[str, Personal("email_address")]
    video: Annotated[str, Personal("video_interview")]


def backup(candidates: list[Candidate], folder: Path) -> None:
    for candidate in candidates:
        target = folder / f"{candidate.id}.json"
        target.write_text(candidate.model_dump_json())  # finds: unguarded-read
