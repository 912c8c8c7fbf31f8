"""Keeps people in dataclasses and named tuples."""

from dataclasses import dataclass
from typing import Annotated, NamedTuple

from leaks.people import Applicant, an_applicant
from leaks.world import SECRET, World

from purposegate import Personal


@dataclass
class Booking:
    slot: str
    email: Annotated[str, Personal("email_address")]
    guests: list[Applicant]


class Row(NamedTuple):
    id: str
    email: Annotated[str, Personal("email_address")]


def leak(world: World) -> object:
    people = [Booking("10:00", SECRET, [an_applicant()]), Row("c-1", SECRET)]
    return world.gate.disclose(people, "distribute_advertising", on_denied="drop")
