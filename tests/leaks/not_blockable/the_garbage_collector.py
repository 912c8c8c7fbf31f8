"""Looks for a leak of memory in what the garbage collector sees, or in what refers to what."""

import gc

from leaks.people import an_email
from leaks.world import World

REASON = "the interpreter's own tools see every object; a process does not hide from itself"


def leak(world: World) -> object:
    email = [an_email()]
    return gc.get_referents(email[0]), email[0] if isinstance(email[0], str) else None
