"""Puts the address into the query of a link, which stays in every log on the way."""

from urllib.parse import quote, urlencode

from leaks.people import an_email
from leaks.world import World


def leak(world: World) -> object:
    return urlencode({"email": an_email(), "from": "mail"}), quote(str(an_email()))
