"""Only a missing file is suppressed; a violation goes on."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Interview:
    id: str
    video: Annotated[str, Personal("video_interview")]


def delete(interview: Interview) -> None:
    with suppress(FileNotFoundError):
        gate.check("video_interview", "provide_service")
        Path(interview.video).unlink()
