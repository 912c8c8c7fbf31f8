"""Opens a purpose in a generator, and lets whoever iterates it read on in it."""

from collections.abc import Iterator

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "lent-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    def ids() -> Iterator[str]:
        with world.gate.purpose("respond_to_inquiries"):
            yield "c-1"

    return [email_of(candidate_id) for candidate_id in ids()]
