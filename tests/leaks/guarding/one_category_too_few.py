"""Guards a function by the name, and asks it for the address inside, of a function guarded by that."""

from leaks.people import an_applicant
from leaks.world import ACME, World

REFUSED = "undeclared-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address", purpose="distribute_advertising")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    @world.gate.guard("name")
    def card_of(candidate_id: str) -> str:
        return f"{candidate_id}: {email_of(candidate_id)}"

    with world.gate.purpose("view_video_interview", ACME):
        return card_of("c-1")
