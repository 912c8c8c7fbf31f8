"""Calls the field by another name outside than inside."""

from typing import Annotated

from leaks.world import SECRET, World
from pydantic import BaseModel, ConfigDict, Field

from purposegate import Personal


class Contact(BaseModel):
    model_config = ConfigDict(serialize_by_alias=True)
    mail: Annotated[str, Personal("email_address"), Field(alias="e-mail", serialization_alias="contact")]


def leak(world: World) -> object:
    contact = Contact.model_validate({"e-mail": SECRET})
    return world.gate.disclose(contact, "distribute_advertising", on_denied="drop")
