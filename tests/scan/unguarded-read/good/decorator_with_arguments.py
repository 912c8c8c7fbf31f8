"""The service's own decorator takes the names and checks before each call."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


def uses(data_category: str, *, purpose: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            gate.check(data_category, purpose)
            return function(*args, **kwargs)

        return wrapper

    return decorate


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


@uses("email_address", purpose="send_service_email")
def recipient_of(candidate: Candidate) -> str:
    return candidate.email
