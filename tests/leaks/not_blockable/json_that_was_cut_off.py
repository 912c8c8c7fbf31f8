"""Reads JSON that was cut off on its way, and shows the error, which repeats it."""

from leaks.people import Candidate
from leaks.world import SECRET, World
from pydantic import ValidationError

REASON = "pydantic repeats the input of what encloses the field, which it sees before the field does; have it leave inputs out"


def leak(world: World) -> object:
    try:
        return Candidate.model_validate_json(f'{{"id": "c-1", "email": "{SECRET}"')
    except ValidationError as error:
        return str(error), error.errors()
