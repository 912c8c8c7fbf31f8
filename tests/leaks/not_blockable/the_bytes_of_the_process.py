"""Reads the memory of the process, as a crash report with a dump does."""

import ctypes
import gc

from leaks.people import an_email
from leaks.world import World

REASON = "memory holds what the program holds; only a value that is not there cannot be dumped"


def leak(world: World) -> object:
    email = an_email()
    texts = [each for each in gc.get_referents(email) if isinstance(each, str)] or [str(email)]
    return [ctypes.string_at(id(text), text.__sizeof__()) for text in texts]
