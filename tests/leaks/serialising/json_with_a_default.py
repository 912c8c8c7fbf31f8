"""Writes a candidate as JSON, with `str` for what JSON does not know."""

import json

from leaks.people import a_candidate, a_card
from leaks.world import World


def leak(world: World) -> object:
    return json.dumps([vars(a_candidate()), a_card()], default=str), json.dumps(vars(a_candidate()), default=repr)
