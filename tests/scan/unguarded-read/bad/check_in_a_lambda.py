"""A lambda that would check is stored and never called."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]


def greeting(applicant: Applicant) -> str:
    before = lambda: gate.check("name", "provide_service")  # noqa: E731
    hooks = [before]
    return f"{len(hooks)} hooks, {applicant.name}"  # finds: unguarded-read
