"""Copies the context inside the block of a purpose, and runs a function in it later."""

from contextvars import copy_context

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    with world.gate.purpose("respond_to_inquiries"):
        context = copy_context()
    return context.run(email_of, "c-1")
