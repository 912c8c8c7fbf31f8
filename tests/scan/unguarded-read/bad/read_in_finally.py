"""`finally` runs also where the check has raised."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Interview:
    id: str
    video: Annotated[str, Personal("video_interview")]


def process(interview: Interview, scratch: Path) -> int:
    try:
        gate.check("video_interview", "create_evaluation_result")
        return len((scratch / interview.id).read_bytes())
    finally:
        (scratch / interview.video).unlink(missing_ok=True)  # finds: unguarded-read
