"""The check stands below the line that has already sent the data."""

from typing import Annotated

import httpx
from pydantic import BaseModel

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


class Candidate(BaseModel):
    id: str
    email: Annotated[str, Personal("email_address")]


def send_receipt(candidate: Candidate, client: httpx.Client) -> None:
    client.post("https://mail.internal/send", json={"to": candidate.email, "template": "receipt"})  # finds: unguarded-read
    gate.check("email_address", "send_service_email")
