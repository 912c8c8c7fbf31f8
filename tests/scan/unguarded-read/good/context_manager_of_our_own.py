"""A context manager of the service opens the purpose."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]


@contextmanager
def shown_to(employer: str) -> Iterator[None]:
    with gate.purpose("view_video_interview", f"employer_company/{employer}"):
        yield


def title(applicant: Applicant, employer: str) -> str:
    with shown_to(employer):
        return applicant.name
