"""Gives a dumped candidate to a JSON response."""

from leaks.people import a_candidate
from leaks.world import World
from starlette.responses import JSONResponse

REFUSED = "TypeError"


def leak(world: World) -> object:
    return JSONResponse(a_candidate().model_dump()).body
