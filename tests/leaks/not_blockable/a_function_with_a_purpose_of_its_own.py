"""Calls, for a campaign, a function whose guard names a purpose of its own."""

from leaks.people import an_applicant
from leaks.world import World

REASON = "the guard says what the function is for, and nobody asks who wants to know"


def leak(world: World) -> object:
    @world.gate.guard("email_address", purpose="send_service_email")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    with world.gate.purpose("distribute_advertising"):
        return email_of("c-1")
