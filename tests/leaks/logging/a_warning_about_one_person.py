"""Warns of a strange address, and shows it."""

import warnings

from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> None:
    warnings.warn(f"{a_candidate().email} has no mailbox", stacklevel=2)
