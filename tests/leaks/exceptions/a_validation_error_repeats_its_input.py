"""Shows a user why the address was not accepted, in the validator's words."""

from typing import Annotated

from leaks.world import SECRET, World
from pydantic import BaseModel, Field, ValidationError

from purposegate import Personal, Sealed


class Signup(BaseModel):
    email: Annotated[Sealed[Annotated[str, Field(max_length=10)]], Personal("email_address")]


def leak(world: World) -> object:
    try:
        return Signup.model_validate({"email": SECRET})
    except ValidationError as error:
        return str(error), error.errors(), error.json()
