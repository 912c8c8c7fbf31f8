"""Discloses what went wrong, as the exceptions that were collected."""

from leaks.people import an_applicant
from leaks.world import World


def leak(world: World) -> object:
    return world.gate.disclose([LookupError("not found", an_applicant())], "distribute_advertising", on_denied="drop")
