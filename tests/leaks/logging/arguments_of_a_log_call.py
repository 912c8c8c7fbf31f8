"""Passes the candidate to the log as an argument, formatted when somebody reads it."""

import logging

from leaks.people import a_candidate
from leaks.world import World

log = logging.getLogger("signup")


def leak(world: World) -> None:
    candidate = a_candidate()
    log.info("signed up: %s, %r", candidate.email, candidate)
    log.info("signed up: %(email)s", vars(candidate))
