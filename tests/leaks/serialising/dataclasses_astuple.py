"""Turns a card into a tuple for a row."""

import dataclasses

from leaks.people import a_card
from leaks.world import World


def leak(world: World) -> object:
    return dataclasses.astuple(a_card()), [getattr(a_card(), each.name) for each in dataclasses.fields(a_card())]
