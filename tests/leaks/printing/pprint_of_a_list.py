"""Pretty-prints everybody who applied."""

from pprint import pformat, pprint

from leaks.people import a_candidate, a_card
from leaks.world import World


def leak(world: World) -> object:
    everybody = [a_candidate(), a_card(), vars(a_card())]
    pprint(everybody)
    return pformat(everybody, width=20)
