"""Divides two sealed numbers, one of which is none, and shows the failure with all variables."""

import traceback

from leaks.people import an_email
from leaks.world import World

from purposegate import combine


def leak(world: World) -> object:
    try:
        return combine(an_email(), 3, lambda address, count: address / count)
    except Exception as error:
        return (
            error,
            "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format()),
            an_email().map(lambda email: email.split("@")),
        )
