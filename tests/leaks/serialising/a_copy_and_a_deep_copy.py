"""Copies a candidate before changing it, and looks at the copy."""

import copy

from leaks.people import a_candidate, an_email
from leaks.world import World


def leak(world: World) -> object:
    copies = copy.copy(a_candidate()), copy.deepcopy(a_candidate()), copy.deepcopy({"to": [an_email()]})
    return copies, a_candidate().model_copy(), a_candidate().model_copy(deep=True)
