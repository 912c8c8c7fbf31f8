"""Derives a repository for tests from a guarded one, and calls what it inherits."""

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    class Repository:
        def email(self) -> str:
            return an_applicant().email

    class Fixtures(Repository):
        def everybody(self) -> list[str]:
            return [self.email(), super().email()]

    return Fixtures().everybody()
