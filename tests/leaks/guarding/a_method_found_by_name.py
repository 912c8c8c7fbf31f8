"""Finds a method by its name, as a router does, and calls it."""

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    class Repository:
        def email(self) -> str:
            return an_applicant().email

    name = "/people/email".rpartition("/")[2]
    return getattr(Repository(), name)()
