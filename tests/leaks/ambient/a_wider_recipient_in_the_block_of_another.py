"""Sends an employer's page to the ad network, inside the block of the employer."""

from leaks.people import an_applicant
from leaks.world import ACME, AD_NETWORK, World

REFUSED = "wider-purpose"


def leak(world: World) -> object:
    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    with world.gate.purpose("view_video_interview", ACME), world.gate.purpose(recipient=AD_NETWORK):
        return email_of("c-1")
