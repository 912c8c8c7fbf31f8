"""Makes the address optional, with the label inside or outside of it."""

from typing import Annotated

from leaks.world import SECRET, World
from pydantic import BaseModel

from purposegate import Personal


class Profile(BaseModel):
    email: Annotated[str, Personal("email_address")] | None = None
    second: Annotated[str | None, Personal("email_address")] = None


def leak(world: World) -> object:
    return world.gate.disclose([Profile(email=SECRET), Profile(second=SECRET)], "distribute_advertising", on_denied="drop")
