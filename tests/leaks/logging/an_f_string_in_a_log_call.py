"""Logs who signed up, with an f-string."""

import logging

from leaks.people import a_candidate
from leaks.world import World

log = logging.getLogger("signup")


def leak(world: World) -> None:
    candidate = a_candidate()
    log.info(f"signed up: {candidate.email} ({candidate})")
