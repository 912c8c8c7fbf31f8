"""Logs an exception whose message names the address."""

import logging

from leaks.people import a_candidate
from leaks.world import World

log = logging.getLogger("mailer")


def leak(world: World) -> None:
    candidate = a_candidate()
    try:
        raise ConnectionError(f"no answer from the mail server of {candidate.email}")
    except ConnectionError:
        log.exception("the mail to %s was not sent", candidate.id)
