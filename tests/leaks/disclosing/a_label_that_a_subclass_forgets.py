"""Derives a class, and declares the field once more, for its default, without the label."""

from leaks.people import Applicant
from leaks.world import SECRET, World


class Tester(Applicant):
    email: str = SECRET


def leak(world: World) -> object:
    return world.gate.disclose(Tester(id="c-1"), "distribute_advertising", on_denied="drop")
