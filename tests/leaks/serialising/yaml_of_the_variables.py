"""Writes a test's fixture as YAML, from the variables of a candidate."""

import yaml
from leaks.people import a_candidate
from leaks.world import World

REFUSED = "TypeError"


def leak(world: World) -> object:
    return yaml.dump(vars(a_candidate()))
