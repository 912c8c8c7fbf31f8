"""Formats a traceback with the variables of each frame for the error report."""

import traceback

from leaks.people import a_candidate, a_card, an_email
from leaks.world import World


def leak(world: World) -> object:
    try:
        email, candidate, cards = an_email(), a_candidate(), {"c-1": a_card()}
        raise ConnectionError
    except ConnectionError as error:
        return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
