"""Joins a sealed address and a sealed usage history, and opens the result for what the history may be used for."""

from leaks.people import an_email
from leaks.world import World

from purposegate import Sealed, combine

REFUSED = "undeclared-purpose"


def leak(world: World) -> object:
    history: Sealed[str] = Sealed("seen: /jobs/7", "usage_history")
    line = combine(an_email(), history, lambda email, seen: f"{email} {seen}").map(str.strip)
    return world.gate.open(line, "distribute_advertising")
