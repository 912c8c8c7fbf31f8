"""Serves two requests in one thread, the second without a purpose of its own."""

from concurrent.futures import ThreadPoolExecutor

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    def request() -> str:
        with world.gate.purpose("respond_to_inquiries"):
            return email_of("c-1")

    with ThreadPoolExecutor(1) as pool:
        pool.submit(request).result()
        return pool.submit(email_of, "c-2").result()
