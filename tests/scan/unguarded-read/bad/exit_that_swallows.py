"""An object's own `__exit__` says true, so that nobody hears of the violation."""

from dataclasses import dataclass
from types import TracebackType
from typing import Annotated

from purposegate import Gate, Personal, PurposeViolation

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


class Quiet:
    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        return kind is not None and issubclass(kind, PurposeViolation)


def recipient_of(candidate: Candidate) -> str:
    with Quiet():
        gate.check("email_address", "send_service_email")
    return candidate.email  # finds: unguarded-read
