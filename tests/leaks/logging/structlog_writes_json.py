"""Logs the candidate as a field of a structured event."""

from io import StringIO

import structlog
from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    file = StringIO()
    log = structlog.wrap_logger(structlog.WriteLogger(file), processors=[structlog.processors.JSONRenderer()])
    log.info("signed up", candidate=a_candidate(), email=a_candidate().email)
    return file.getvalue()
