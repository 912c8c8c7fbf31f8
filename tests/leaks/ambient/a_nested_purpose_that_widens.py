"""Opens a wider purpose inside that of the request."""

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "wider-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    with world.gate.purpose("distribute_advertising"), world.gate.purpose("support_recruitment"):
        return email_of("c-1")
