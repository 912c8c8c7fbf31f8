"""Maps a function over ids inside the block of a purpose, and goes through the results after it."""

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    with world.gate.purpose("respond_to_inquiries"):
        emails = map(email_of, ["c-1", "c-2"])
    return list(emails)
