"""Compares two candidates in a unit test, whose failure shows both."""

from unittest import TestCase

from leaks.people import a_candidate, a_card
from leaks.world import World

REFUSED = "AssertionError"


def leak(world: World) -> None:
    TestCase().assertEqual([a_candidate(), a_card()], [])
