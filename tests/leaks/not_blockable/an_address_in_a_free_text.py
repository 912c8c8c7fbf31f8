"""Writes the address into a note, a field that nobody labelled."""

from leaks.world import SECRET, World
from pydantic import BaseModel

REASON = "what is said in free text no label knows; label the text itself"


class Note(BaseModel):
    text: str


def leak(world: World) -> object:
    return world.gate.disclose(Note(text=f"please call back {SECRET}"), "distribute_advertising")
