"""Unwraps a guarded function to test it without its decorators."""

import inspect

from leaks.people import an_applicant
from leaks.world import World

REASON = "a decorator is a function around a function, and the inner one is there for whoever takes the outer one off"


def leak(world: World) -> object:
    @world.gate.guard("email_address", purpose="distribute_advertising")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    return inspect.unwrap(email_of)("c-1")
