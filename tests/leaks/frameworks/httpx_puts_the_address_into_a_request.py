"""Builds requests to a partner: the address in the query, and in a form."""

import httpx
from leaks.people import an_email
from leaks.world import World


def leak(world: World) -> object:
    asked = httpx.Request("GET", "https://partner.test/", params={"email": an_email()})
    return str(asked.url), repr(asked), httpx.URL("https://partner.test/", params={"to": str(an_email())})
