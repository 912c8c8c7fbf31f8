"""Hangs a person on an object under a private name."""

from leaks.people import an_applicant
from leaks.world import World


class Session:
    def __init__(self) -> None:
        self.language = "ja"
        self._user = an_applicant()


def leak(world: World) -> object:
    return world.gate.disclose([Session()], "distribute_advertising", on_denied="drop")
