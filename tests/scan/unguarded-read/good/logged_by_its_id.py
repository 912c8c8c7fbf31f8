"""The log and the error name the id, and the count is no field."""

import logging
from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal

log = logging.getLogger(__name__)


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def remove(candidates: list[Candidate], candidate_id: str) -> None:
    log.info("removing one of %d", len(candidates))
    for index, candidate in enumerate(candidates):
        if candidate.id == candidate_id:
            del candidates[index]
            return
    raise LookupError(f"no candidate {candidate_id}")
