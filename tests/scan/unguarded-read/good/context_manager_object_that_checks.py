"""An object checks when its block is entered."""

from dataclasses import dataclass
from types import TracebackType
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


class Mailing:
    def __enter__(self) -> None:
        gate.check("email_address", "send_service_email")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End."""


def recipient_of(candidate: Candidate) -> str:
    with Mailing():
        return candidate.email
