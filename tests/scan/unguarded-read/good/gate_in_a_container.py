"""The gate lies in a container of services that is handed about."""

from dataclasses import dataclass, field
from typing import Annotated

from purposegate import Gate, Personal


@dataclass
class Applicant:
    id: str
    video: Annotated[str, Personal("video_interview")]


@dataclass
class Services:
    gate: Gate = field(default_factory=lambda: Gate.load("policies/en-japan-video-interview.yaml"))
    bucket: str = "interviews"


class Player:
    def __init__(self, services: Services) -> None:
        self._services = services

    def url(self, applicant: Applicant) -> str:
        self._services.gate.check("video_interview", "provide_service", "data_subject", subject=applicant.id)
        return f"s3://{self._services.bucket}/{applicant.video}"
