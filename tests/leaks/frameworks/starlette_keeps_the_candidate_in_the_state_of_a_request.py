"""Hangs the candidate on the request, and logs the request's scope."""

import logging

from leaks.people import a_candidate, an_email
from leaks.world import World
from starlette.datastructures import FormData, Headers, QueryParams
from starlette.requests import Request


def leak(world: World) -> object:
    request = Request({"type": "http", "headers": [], "query_string": b""})
    request.state.user = a_candidate()
    logging.getLogger("access").info("%s %s", request.scope, vars(request.state))
    return QueryParams({"to": an_email()}), FormData({"to": str(an_email())}), Headers({"x-user": f"{a_candidate().email}"})
