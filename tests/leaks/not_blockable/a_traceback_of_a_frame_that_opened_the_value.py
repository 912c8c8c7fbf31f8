"""Opens the address, fails, and shows the traceback with the variables of each frame."""

import traceback

from leaks.people import an_email
from leaks.world import World

REASON = "the variable holds plain text from the moment at which the value was opened"


def leak(world: World) -> object:
    try:
        email = world.gate.open(an_email(), "send_service_email")
        raise ConnectionError(len(email))
    except ConnectionError as error:
        return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
