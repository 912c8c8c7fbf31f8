"""Caches what a guarded function gives, above the guard, so that the second call never asks."""

from functools import cache

from leaks.people import an_applicant
from leaks.world import World

REASON = "the cache answers the second call and the guarded function is not called; put the guard above the cache"


def leak(world: World) -> object:
    @cache
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    with world.gate.purpose("respond_to_inquiries"):
        email_of("c-1")
    with world.gate.purpose("distribute_advertising"):
        return email_of("c-1")
