"""Sends one address where the form takes a list of them, and shows the error."""

from typing import Annotated

from leaks.world import SECRET, World
from pydantic import BaseModel, ValidationError

from purposegate import Personal, Sealed


class Invitation(BaseModel):
    to: Annotated[list[Sealed[str]], Personal("email_address")]


def leak(world: World) -> object:
    try:
        return Invitation.model_validate({"to": SECRET})
    except ValidationError as error:
        return str(error), error.errors()
