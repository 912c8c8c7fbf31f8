"""Caches what a guarded function gives, below the guard, and calls it for another purpose."""

from functools import cache

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "undeclared-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    @cache
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    with world.gate.purpose("respond_to_inquiries"):
        email_of("c-1")
    with world.gate.purpose("distribute_advertising"):
        return email_of("c-1")
