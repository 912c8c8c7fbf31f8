"""Searches the address with a regular expression."""

import re

from leaks.people import an_email
from leaks.world import World

REFUSED = "TypeError"


def leak(world: World) -> object:
    match = re.search(r"(.*)@(.*)", an_email())
    return match and match.groups()
