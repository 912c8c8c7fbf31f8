"""The service's own decorator checks before it calls what it decorates."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, ParamSpec, TypeVar

from purposegate import Gate, Personal

P = ParamSpec("P")
R = TypeVar("R")
gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def mails(function: Callable[P, R]) -> Callable[P, R]:
    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        gate.check("email_address", "send_service_email")
        return function(*args, **kwargs)

    return wrapper


@mails
def recipient_of(candidate: Candidate) -> str:
    return candidate.email
