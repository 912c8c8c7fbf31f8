"""Reports every exception with the variables of each frame, a refused disclosure too."""

import traceback

from leaks.people import an_applicant
from leaks.world import World


def leak(world: World) -> object:
    try:
        return world.gate.disclose([an_applicant()], "distribute_advertising")
    except Exception as error:
        return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
