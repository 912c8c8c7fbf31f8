"""Gives back a generator expression from a guarded function, and goes through it when the purpose is over."""

from collections.abc import Iterator

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def emails() -> Iterator[str]:
        return (an_applicant().email for _ in range(1))

    with world.gate.purpose("respond_to_inquiries"):
        reading = emails()
    return list(reading)
