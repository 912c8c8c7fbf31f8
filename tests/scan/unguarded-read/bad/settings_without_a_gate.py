"""The container's gate is asked by one service and forgotten by the other."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal


@dataclass
class Applicant:
    id: str
    video: Annotated[str, Personal("video_interview")]


class Container:
    gate = Gate.load("policies/en-japan-video-interview.yaml")


class Player:
    def __init__(self, container: Container) -> None:
        self._container = container

    def url(self, applicant: Applicant) -> str:
        self._container.gate.check("video_interview", "provide_service", "data_subject")
        return f"/play/{applicant.video}"


class Thumbnails:
    def __init__(self, container: Container) -> None:
        self._container = container

    def url(self, applicant: Applicant) -> str:
        return f"/thumbnails/{applicant.video}.jpg"  # finds: unguarded-read
