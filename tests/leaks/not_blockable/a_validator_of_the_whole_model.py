"""Compares two fields in a validator of the whole model, whose failure shows the whole input."""

from typing import Self

from leaks.people import Candidate
from leaks.world import SECRET, World
from pydantic import ValidationError, model_validator

REASON = "pydantic repeats the input of what encloses the field, which it sees before the field does; have it leave inputs out"


class Booking(Candidate):
    begins: int
    ends: int

    @model_validator(mode="after")
    def begins_before_it_ends(self) -> Self:
        raise ValueError("it ends before it begins")


def leak(world: World) -> object:
    try:
        return Booking.model_validate({"id": "c-1", "email": SECRET, "begins": 2, "ends": 1})
    except ValidationError as error:
        return str(error), error.errors()
