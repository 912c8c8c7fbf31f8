"""Hangs the candidate on a log record, which a formatter writes as JSON."""

import json
import logging

from leaks.people import a_candidate
from leaks.world import World


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(vars(record), default=str)


def leak(world: World) -> object:
    record = logging.getLogger("signup").makeRecord("signup", 20, "f", 1, "signed up", (), None, extra=vars(a_candidate()))
    return JsonFormatter().format(record)
