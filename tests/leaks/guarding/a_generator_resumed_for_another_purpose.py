"""Begins to read addresses for one purpose, and goes on for another."""

from collections.abc import Iterator

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "undeclared-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def emails() -> Iterator[str]:
        yield "nobody yet"
        yield an_applicant().email

    with world.gate.purpose("respond_to_inquiries"):
        reading = emails()
        next(reading)
    with world.gate.purpose("distribute_advertising"):
        return next(reading)
