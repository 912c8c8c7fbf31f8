"""Validates a form in which another field is missing, and shows the error, which repeats the whole form."""

from leaks.people import Candidate
from leaks.world import SECRET, World
from pydantic import ValidationError

REASON = "pydantic repeats the input of what encloses the field, which it sees before the field does; have it leave inputs out"


def leak(world: World) -> object:
    try:
        return Candidate.model_validate({"email": SECRET})
    except ValidationError as error:
        return str(error), error.errors(), error.json()
