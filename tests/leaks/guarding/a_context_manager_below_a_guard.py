"""Puts the guard above `contextmanager`, and enters what it gave when the purpose is over."""

from collections.abc import Iterator
from contextlib import contextmanager

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    @contextmanager
    def row() -> Iterator[str]:
        yield an_applicant().email

    with world.gate.purpose("respond_to_inquiries"):
        block = row()
    with block as email:
        return email
