"""Catches an exception that left the block of a purpose, and reads on in the handler."""

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    try:
        with world.gate.purpose("respond_to_inquiries"):
            raise ConnectionError
    except ConnectionError:
        return email_of("c-1")
