"""Guards a repository that is read like a dictionary, and iterates it."""

from collections.abc import Iterator

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    class Repository:
        def __iter__(self) -> Iterator[str]:
            yield an_applicant().email

        def __getitem__(self, key: str) -> str:
            return an_applicant().email

    return list(Repository()), Repository()["c-1"]
