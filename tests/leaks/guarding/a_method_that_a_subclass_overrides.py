"""Overrides a guarded method in a subclass, for speed, and forgets the guard."""

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    class Repository:
        def email(self) -> str:
            return an_applicant().email

    class FastRepository(Repository):
        def email(self) -> str:
            return an_applicant().email

    return FastRepository().email()
