"""Enters a purpose on a stack of contexts, and forgets the stack."""

from contextlib import ExitStack

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    def start() -> None:
        ExitStack().enter_context(world.gate.purpose("respond_to_inquiries"))

    start()
    return email_of("c-1")
