"""Takes the recipient from a request that names none, and would pass for the company itself."""

from leaks.people import an_applicant
from leaks.world import World

from purposegate import From

REFUSED = "unknown-recipient"


def leak(world: World) -> object:
    @world.gate.guard("email_address", purpose="market_and_improve", recipient=From("partner"))
    def export(partner: str | None = None) -> str:
        return an_applicant().email

    return export()
