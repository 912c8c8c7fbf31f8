"""Answers one person with the address of another, whose id came from the form."""

from leaks.people import an_applicant
from leaks.world import World

from purposegate import From

REFUSED = "wider-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address", subject=From("candidate_id"))
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    with world.gate.purpose("respond_to_inquiries", "data_subject", subject="c-7"):
        return email_of("c-1")
