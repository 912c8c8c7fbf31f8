"""Puts a sealed address into plain lists and dictionaries, and discloses them."""

from leaks.people import a_candidate, an_email
from leaks.world import World


def leak(world: World) -> object:
    things = [an_email(), {1: [an_email()]}, a_candidate()]
    return world.gate.disclose(things, "distribute_advertising", on_denied="mark", as_type=list[object])
