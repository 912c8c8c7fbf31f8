"""Reads a plain attribute of an object whose class is guarded."""

from leaks.people import an_applicant
from leaks.world import World

REASON = "an attribute is no call; guard the property that gives it, or seal the value"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    class Mailbox:
        def __init__(self) -> None:
            self.owner = an_applicant().email

        def messages(self) -> list[str]:
            return [self.owner]

    return Mailbox().owner
