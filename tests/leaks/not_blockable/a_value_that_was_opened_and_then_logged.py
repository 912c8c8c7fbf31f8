"""Opens the address for a purpose that permits it, and logs what came out."""

import logging

from leaks.people import an_email
from leaks.world import World

REASON = "what was opened is plain text, and Python does not follow where plain text goes"


def leak(world: World) -> None:
    email = world.gate.open(an_email(), "send_service_email")
    logging.getLogger("mailer").info("mail sent to %s", email)
