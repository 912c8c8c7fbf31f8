"""Says in an error which address was wrong."""

from leaks.people import an_email
from leaks.world import World

REFUSED = "ValueError"


def leak(world: World) -> object:
    email = an_email()
    raise ValueError(f"not an address of ours: {email}", email)
