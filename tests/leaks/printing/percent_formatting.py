"""Builds a line of a report with the percent sign."""

from leaks.people import an_email
from leaks.world import World


def leak(world: World) -> object:
    return "to: %-30s (%r)" % (an_email(), an_email())
