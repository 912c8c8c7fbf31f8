"""Hands the reading of addresses to a pool, whose threads have no purpose."""

from concurrent.futures import ThreadPoolExecutor

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "unknown-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    with world.gate.purpose("respond_to_inquiries"), ThreadPoolExecutor(1) as pool:
        return list(pool.map(email_of, ["c-1"]))
