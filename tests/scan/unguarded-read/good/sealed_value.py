"""A sealed value goes through unopened, and the mailer opens it at the gate."""

from dataclasses import dataclass
from smtplib import SMTP
from typing import Annotated

from purposegate import Gate, Personal, Sealed

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[Sealed[str], Personal("email_address")]


def queue(candidate: Candidate, jobs: list[tuple[str, Sealed[str]]]) -> None:
    jobs.append((candidate.id, candidate.email))


def run(jobs: list[tuple[str, Sealed[str]]], smtp: SMTP) -> None:
    for candidate_id, address in jobs:
        smtp.sendmail("noreply@example.com", gate.open(address, "send_service_email", subject=candidate_id), "hello")
