"""Keeps a method of a guarded class as a callback, and calls it when the purpose is over."""

from collections.abc import Callable

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    callbacks: list[Callable[[], str]] = []

    @world.gate.guard("email_address")
    class Repository:
        def email(self) -> str:
            return an_applicant().email

    with world.gate.purpose("respond_to_inquiries"):
        callbacks.append(Repository().email)
    return [callback() for callback in callbacks]
