"""The label is made from a constant of another module that is known."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


class Names:
    email = "email_address"


@dataclass
class Lead:
    id: str
    email: Annotated[str, Personal(Names.email)]
