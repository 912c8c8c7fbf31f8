"""Keeps what is to be done later as a method of a person, in a field."""

from collections.abc import Callable
from functools import partial

from leaks.people import an_applicant
from leaks.world import World
from pydantic import BaseModel

REFUSED = "undeclared-data"


class Job(BaseModel):
    action: Callable[..., object]
    after: Callable[..., object]


def leak(world: World) -> object:
    job = Job(action=an_applicant().model_dump, after=partial(print, an_applicant()))
    disclosed = world.gate.disclose(job, "distribute_advertising", on_denied="drop")
    return repr(disclosed), disclosed
