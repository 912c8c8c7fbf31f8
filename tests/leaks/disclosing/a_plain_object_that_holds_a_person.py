"""Hangs a person on an object that nobody declared."""

from collections import deque
from types import SimpleNamespace

from leaks.people import an_applicant
from leaks.world import World


class Session:
    def __init__(self) -> None:
        self.user = an_applicant()


def leak(world: World) -> object:
    things = [SimpleNamespace(user=an_applicant()), Session(), deque([an_applicant()])]
    return world.gate.disclose(things, "distribute_advertising", on_denied="drop")
