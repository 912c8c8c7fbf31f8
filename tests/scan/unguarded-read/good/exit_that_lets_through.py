"""An object's own `__exit__` says false, so that the violation goes on."""

from dataclasses import dataclass
from types import TracebackType
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


class Timed:
    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        return False


def recipient_of(candidate: Candidate) -> str:
    with Timed():
        gate.check("email_address", "send_service_email")
    return candidate.email
