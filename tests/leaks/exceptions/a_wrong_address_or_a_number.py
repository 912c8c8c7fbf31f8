"""Takes an address or a number in one field, and shows why neither was right."""

from typing import Annotated

from leaks.world import SECRET, World
from pydantic import BaseModel, Field, ValidationError

from purposegate import Personal, Sealed


class Contact(BaseModel):
    at: Annotated[Sealed[Annotated[str, Field(max_length=10)]] | int | None, Personal("email_address")]


def leak(world: World) -> object:
    try:
        return Contact.model_validate({"at": SECRET})
    except ValidationError as error:
        return str(error), error.errors()
