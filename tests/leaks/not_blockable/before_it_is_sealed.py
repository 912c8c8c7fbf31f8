"""Logs the body of a request before anything in it is validated and sealed."""

import json
import logging

from leaks.people import Candidate
from leaks.world import SECRET, World

REASON = "the value was plain text before it was sealed; seal at the edge, and log after it"


def leak(world: World) -> object:
    body = json.dumps({"id": "c-1", "email": SECRET})
    logging.getLogger("access").info("POST /candidates %s", body)
    return Candidate.model_validate_json(body)
