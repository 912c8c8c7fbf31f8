"""Logs exceptions as JSON, with the variables of every frame."""

from io import StringIO

import structlog
from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    file, shown = StringIO(), structlog.tracebacks.ExceptionDictTransformer(show_locals=True)
    render = structlog.processors.ExceptionRenderer(shown)
    log = structlog.wrap_logger(structlog.WriteLogger(file), processors=[render, structlog.processors.JSONRenderer()])
    try:
        candidate = a_candidate()
        raise ConnectionError(candidate.id)
    except ConnectionError:
        log.exception("not sent")
    return file.getvalue()
