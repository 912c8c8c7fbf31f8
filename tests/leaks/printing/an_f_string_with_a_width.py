"""Lines the addresses of a report up with an f-string."""

from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    candidate = a_candidate()
    return f"{candidate.id:<8}{candidate.email:>40}"
