"""Hands a task the token of a campaign, and reads addresses in it."""

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "undeclared-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    with world.gate.purpose("distribute_advertising"):
        token = world.gate.token()
    with world.gate.resume(token):
        return email_of("c-1")
