"""Lets a model take whatever a form sends, and labels all of it."""

from typing import Annotated

from leaks.world import SECRET, World
from pydantic import BaseModel, ConfigDict, Field

from purposegate import Personal


class Form(BaseModel):
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Annotated[str, Personal("user_information")]] = Field(init=False)
    job: str


def leak(world: World) -> object:
    form = Form.model_validate({"job": "j-1", "contact": SECRET})
    return world.gate.disclose(form, "distribute_advertising", on_denied="drop")
