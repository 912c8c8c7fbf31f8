"""Writes a candidate as JSON, with the variables of whatever JSON does not know."""

import json

from leaks.people import a_candidate
from leaks.world import World

REFUSED = "TypeError"


def leak(world: World) -> object:
    return json.dumps(a_candidate(), default=vars)
