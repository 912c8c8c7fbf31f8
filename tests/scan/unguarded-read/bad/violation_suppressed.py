"""`contextlib.suppress` makes of the check a remark."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal, PurposegateError

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]


def badge(applicant: Applicant) -> str:
    with suppress(PurposegateError):
        gate.check("name", "provide_service")
    return applicant.name.title()  # finds: unguarded-read
