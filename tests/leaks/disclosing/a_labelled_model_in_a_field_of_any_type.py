"""Puts a person into a field of any type, where no annotation tells of labels."""

from typing import Any

from leaks.people import a_card, an_applicant
from leaks.world import World
from pydantic import BaseModel


class Event(BaseModel):
    name: str
    payload: Any
    context: dict[str, object]


def leak(world: World) -> object:
    event = Event(name="signup", payload=[an_applicant()], context={"who": (an_applicant(), a_card())})
    return world.gate.disclose(event, "distribute_advertising", on_denied="drop")
