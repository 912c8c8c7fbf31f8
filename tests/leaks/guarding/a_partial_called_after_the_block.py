"""Makes a partial function inside the block of a purpose, and calls it after it."""

from functools import partial

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    with world.gate.purpose("respond_to_inquiries"):
        later = partial(email_of, "c-1")
    return later()
