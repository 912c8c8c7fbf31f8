"""Computes a second form of the address, and labels it as one."""

from typing import Annotated

from leaks.people import Applicant
from leaks.world import SECRET, World
from pydantic import computed_field

from purposegate import Personal


class Profile(Applicant):
    @computed_field
    def mailto(self) -> Annotated[str, Personal("email_address")]:
        return f"mailto:{self.email}"


def leak(world: World) -> object:
    return world.gate.disclose(Profile(id="c-1", email=SECRET), "distribute_advertising", on_denied="drop")
