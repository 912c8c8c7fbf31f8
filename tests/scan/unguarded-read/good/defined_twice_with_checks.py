"""Each of the two functions that a version chooses from checks."""

import sys
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


if sys.version_info >= (3, 12):

    def may_mail() -> None:
        gate.check("email_address", "send_service_email")

else:

    def may_mail() -> None:
        gate.check("email_address", "inform_and_survey")


def recipient_of(candidate: Candidate) -> str:
    may_mail()
    return candidate.email
