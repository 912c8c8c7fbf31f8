"""Turns a card into a dictionary for a template."""

import dataclasses

from leaks.people import a_card
from leaks.world import World


def leak(world: World) -> object:
    return dataclasses.asdict(a_card()), str(dataclasses.asdict(a_card()))
