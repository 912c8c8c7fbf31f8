"""Leaves the program from a function inside `map`, with a message for the terminal."""

import sys

from leaks.people import an_email
from leaks.world import World


def leak(world: World) -> object:
    try:
        return an_email().map(lambda email: sys.exit(f"no such mailbox: {email}"))
    except SystemExit as error:
        return error.code, error
