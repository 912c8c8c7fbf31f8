"""Copies a model, and hangs a person on the copy."""

from leaks.people import an_applicant
from leaks.world import World
from pydantic import BaseModel


class Note(BaseModel):
    text: str
    by: object = None


def leak(world: World) -> object:
    note = Note(text="called back").model_copy(update={"by": an_applicant(), "more": [an_applicant()]})
    return world.gate.disclose(note, "distribute_advertising", on_denied="drop")
