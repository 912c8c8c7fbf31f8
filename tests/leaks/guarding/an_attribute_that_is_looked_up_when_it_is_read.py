"""Guards a class that makes its attributes up as they are asked for."""

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    class Row:
        def __getattr__(self, name: str) -> str:
            return str(getattr(an_applicant(), name))

    return Row().email
