"""Writes addresses with `marshal`, because it is fast."""

import marshal

from leaks.people import a_candidate
from leaks.world import World

REFUSED = "ValueError"


def leak(world: World) -> object:
    return marshal.dumps(dict(vars(a_candidate())))
