"""Misspells the category in a label."""

from typing import Annotated

from leaks.world import SECRET, World
from pydantic import BaseModel

from purposegate import Personal


class Contact(BaseModel):
    email: Annotated[str, Personal("e_mail_address")]


def leak(world: World) -> object:
    return world.gate.disclose(Contact(email=SECRET), "provide_service", on_denied="drop")
