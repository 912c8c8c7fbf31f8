"""Writes the token of a task by hand, and forgets half of it."""

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "bad-token"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    with world.gate.resume('{"purpose": "respond_to_inquiries"}'):
        return email_of("c-1")
