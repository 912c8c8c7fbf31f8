"""Enters a purpose by hand in an iterator, which keeps the block open while others iterate it."""

from typing import Self

from leaks.people import an_applicant
from leaks.world import World

REASON = "`with` ends a block; one that is entered by hand, and kept, goes on until somebody leaves it"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    class Ids:
        def __iter__(self) -> Self:
            self.block = world.gate.purpose("respond_to_inquiries")
            self.block.__enter__()
            return self

        def __next__(self) -> str:
            return "c-1"

    for candidate_id in Ids():
        return email_of(candidate_id)
    return None
