"""Discloses a plain dictionary, in which nothing says what is personal."""

from leaks.world import SECRET, World

REFUSED = "undeclared-data"


def leak(world: World) -> object:
    return world.gate.disclose({"id": "c-1", "email": SECRET}, "distribute_advertising")
