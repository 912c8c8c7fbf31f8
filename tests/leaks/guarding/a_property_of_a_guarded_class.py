"""Reads a property of a guarded class, which looks like no call at all."""

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    class Repository:
        @property
        def email(self) -> str:
            return an_applicant().email

    return Repository().email
