"""Guards a repository, and calls what it has from its base."""

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    class Table:
        def row(self, key: str) -> str:
            return an_applicant().email

    @world.gate.guard("email_address")
    class Repository(Table):
        pass

    return Repository().row("c-1")
