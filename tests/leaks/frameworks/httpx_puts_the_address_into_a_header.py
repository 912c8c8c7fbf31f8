"""Tells a partner in a header on whose behalf it asks."""

import httpx
from leaks.people import an_email
from leaks.world import World

REFUSED = "TypeError"


def leak(world: World) -> object:
    return httpx.Request("GET", "https://partner.test/", headers={"from": an_email()}).headers.raw
