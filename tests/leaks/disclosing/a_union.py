"""Keeps a person or a plain id in one field, and labels only one of the two."""

from typing import Annotated

from leaks.people import Applicant, an_applicant
from leaks.world import SECRET, World
from pydantic import BaseModel

from purposegate import Personal


class Message(BaseModel):
    sender: Annotated[str, Personal("email_address")] | int
    cc: Applicant | str
    bcc: str | Annotated[str, Personal("email_address")]


def leak(world: World) -> object:
    message = Message(sender=SECRET, cc=an_applicant(), bcc=SECRET)
    return world.gate.disclose(message, "distribute_advertising", on_denied="mark")
