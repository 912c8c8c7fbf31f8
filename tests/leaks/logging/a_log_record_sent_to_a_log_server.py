"""Sends log records, with their arguments, to a central log server."""

import logging
import logging.handlers

from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    handler = logging.handlers.SocketHandler("localhost", 9)
    record = logging.makeLogRecord({"msg": "signed up: %s", "args": (a_candidate(),)})
    queued = logging.handlers.QueueHandler(None).prepare(logging.makeLogRecord({"msg": "%s", "args": (a_candidate().email,)}))  # type: ignore[arg-type]  # only what it makes is wanted
    return handler.makePickle(record), vars(queued)
