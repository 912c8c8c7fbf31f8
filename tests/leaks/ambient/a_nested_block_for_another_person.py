"""Looks up somebody else in the middle of answering one person."""

from leaks.people import an_applicant
from leaks.world import World

REFUSED = "wider-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    with world.gate.purpose("respond_to_inquiries", "data_subject", subject="c-7"), world.gate.purpose(subject="c-1"):
        return email_of("c-1")
