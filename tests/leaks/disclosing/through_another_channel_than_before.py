"""Shows an applicant to an employer, and then sends another one by fax, in the same call."""

from leaks.people import Applicant, an_applicant
from leaks.world import ACME, World

REFUSED = "unknown-channel"


def leak(world: World) -> object:
    world.gate.disclose(Applicant(id="c-2", email=""), "view_video_interview", ACME)
    return world.gate.disclose(an_applicant(), "view_video_interview", ACME, channel="fax")
