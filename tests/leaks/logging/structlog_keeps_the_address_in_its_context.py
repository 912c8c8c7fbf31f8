"""Binds the address to the logger at the start of a request, for every line that follows."""

from io import StringIO

import structlog
from leaks.people import an_email
from leaks.world import World


def leak(world: World) -> object:
    file = StringIO()
    renderers = (
        [structlog.dev.ConsoleRenderer(colors=False)],
        [structlog.processors.KeyValueRenderer()],
        [structlog.processors.LogfmtRenderer()],
    )
    for renderer in renderers:
        log = structlog.wrap_logger(structlog.WriteLogger(file), processors=renderer).bind(email=an_email())
        log.warning("slow request")
    return file.getvalue()
