"""Keeps a person beside the declared fields of a model."""

from leaks.people import an_applicant
from leaks.world import World
from pydantic import BaseModel, ConfigDict


class Form(BaseModel):
    model_config = ConfigDict(extra="allow")
    job: str


def leak(world: World) -> object:
    form = Form.model_validate({"job": "j-1", "by": an_applicant()})
    return world.gate.disclose(form, "distribute_advertising", on_denied="drop")
