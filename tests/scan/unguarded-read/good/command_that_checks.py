"""A command asks by itself."""

from dataclasses import dataclass
from typing import Annotated

import click

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


LAST = Candidate("c-1", "hanako@example.com")


@click.command()
def show() -> None:
    gate.check("email_address", "send_service_email")
    print(LAST.email)
