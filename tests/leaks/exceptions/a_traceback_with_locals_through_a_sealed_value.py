"""Parses the address inside `map`, fails there, and formats the traceback with the variables of each frame."""

import traceback

from leaks.people import an_email
from leaks.world import World


def leak(world: World) -> object:
    try:
        return an_email().map(int)
    except Exception as error:
        return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
