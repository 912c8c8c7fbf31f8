"""Exports addresses to an ad network, through the function made for employers."""

from leaks.people import an_applicant
from leaks.world import AD_NETWORK, World

from purposegate import From

REFUSED = "unlisted-recipient"


def leak(world: World) -> object:
    @world.gate.guard("email_address", purpose="view_video_interview", recipient=From("to"))
    def export(to: str) -> str:
        return an_applicant().email

    return export(to=AD_NETWORK)
