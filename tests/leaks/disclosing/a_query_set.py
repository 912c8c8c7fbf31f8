"""Discloses the result of a query, an object that is iterated and keeps its rows to itself."""

from collections.abc import Iterator

from leaks.people import Applicant, an_applicant
from leaks.world import World


class Query:
    def __init__(self) -> None:
        self._rows = [an_applicant()]

    def __iter__(self) -> Iterator[Applicant]:
        return iter(self._rows)


def leak(world: World) -> object:
    disclosed = world.gate.disclose(Query(), "distribute_advertising", on_denied="drop")
    return disclosed, list(disclosed)
