"""Discloses an object of a class that declares nothing, full of plain text."""

from types import SimpleNamespace

from leaks.world import SECRET, World

REFUSED = "undeclared-data"


def leak(world: World) -> object:
    return world.gate.disclose([SimpleNamespace(id="c-1", email=SECRET)], "distribute_advertising", on_denied="drop")
