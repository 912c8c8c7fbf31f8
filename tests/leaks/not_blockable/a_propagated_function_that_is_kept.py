"""Carries the purpose of one request into a listener, which is called for every request that follows."""

from collections.abc import Callable

from leaks.people import an_applicant
from leaks.world import World

REASON = "`propagate` is how code says that a function keeps its purpose wherever it is called"


def leak(world: World) -> object:
    listeners: list[Callable[[str], str]] = []

    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    with world.gate.purpose("respond_to_inquiries", "data_subject", subject="c-7"):
        listeners.append(world.gate.propagate(email_of))
    with world.gate.purpose("distribute_advertising"):
        return [listener("c-1") for listener in listeners]
