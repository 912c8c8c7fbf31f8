"""Sends the address under a name that the form does not know, and shows the error."""

from leaks.people import Candidate
from leaks.world import SECRET, World
from pydantic import ValidationError

REASON = "pydantic repeats the input of what encloses the field, which it sees before the field does; have it leave inputs out"


class Form(Candidate, extra="forbid"):
    pass


def leak(world: World) -> object:
    try:
        return Form.model_validate({"id": "c-1", "email": "", "e_mail": SECRET})
    except ValidationError as error:
        return str(error), error.errors()
