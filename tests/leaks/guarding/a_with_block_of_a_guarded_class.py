"""Enters an object of a guarded class, which gives the rows of a table."""

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    class Rows:
        def __enter__(self) -> list[str]:
            return [an_applicant().email]

        def __exit__(self, *_: object) -> None: ...

    with Rows() as rows:
        return rows
