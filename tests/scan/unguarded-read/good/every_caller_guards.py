"""The helper reads; each of its three callers has asked, in its own way."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def address_line(candidate: Candidate) -> str:
    return f"<{candidate.email}>"


def weekly_mail(candidates: list[Candidate]) -> list[str]:
    gate.check("email_address", "send_service_email")
    return [address_line(each) for each in candidates]


@gate.guard("email_address", purpose="inform_and_survey")
def survey_mail(candidate: Candidate) -> str:
    return "survey for " + address_line(candidate)


def answer(candidate: Candidate) -> str | None:
    with gate.purpose("respond_to_inquiries"):
        return address_line(candidate)
