"""The label stands where the constructor sets the attribute."""

from typing import Annotated

from purposegate import Personal


class Candidate:
    def __init__(self, address: str) -> None:
        self.address: Annotated[str, Personal("email_address")] = address


def recipient_of(candidate: Candidate) -> str:
    return candidate.address  # finds: unguarded-read
