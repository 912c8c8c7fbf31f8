"""Enters a purpose when a pool starts its threads, and never leaves it."""

from concurrent.futures import ThreadPoolExecutor

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    def begin() -> None:
        world.gate.purpose("respond_to_inquiries").__enter__()

    with ThreadPoolExecutor(1, initializer=begin) as pool:
        return pool.submit(email_of, "c-1").result()
