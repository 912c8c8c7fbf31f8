"""Posts a dumped candidate to a partner, as JSON."""

import httpx
from leaks.people import a_candidate
from leaks.world import World

REFUSED = "TypeError"


def leak(world: World) -> object:
    return httpx.Request("POST", "https://partner.test/", json=dict(a_candidate())).content
