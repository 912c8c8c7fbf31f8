"""Lets rich write the log, with the variables of every frame of a failure."""

import logging
from io import StringIO

from leaks.people import a_candidate
from leaks.world import World
from rich.console import Console
from rich.logging import RichHandler


def leak(world: World) -> object:
    file = StringIO()
    log = logging.Logger("mailer")
    log.addHandler(RichHandler(console=Console(file=file, width=150), rich_tracebacks=True, tracebacks_show_locals=True))
    try:
        candidate = a_candidate()
        raise ConnectionError(candidate.id)
    except ConnectionError:
        log.exception("not sent to %s", candidate)
    return file.getvalue()
