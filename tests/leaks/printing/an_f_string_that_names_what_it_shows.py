"""Shows a variable by its name and value in an f-string."""

from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    email = a_candidate().email
    return f"{email=} {email!s} {email!r} {email!a}"
