"""Misspells the purpose in the decorator itself."""

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address", purpose="send_service_emails")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    return email_of("c-1")
