"""Puts one plain address where a list of sealed ones belongs, and dumps the model."""

from typing import Annotated

from leaks.world import SECRET, World
from pydantic import BaseModel

from purposegate import Personal, Sealed


class Invitation(BaseModel):
    to: Annotated[list[Sealed[str]], Personal("email_address")]


def leak(world: World) -> object:
    invitation = Invitation(to=[]).model_copy(update={"to": SECRET})
    return invitation.model_dump(), invitation.model_dump_json()
