"""The answer is looked at, written down, and not heeded."""

import logging
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

log = logging.getLogger(__name__)


@dataclass
class Answer:
    id: str
    text: Annotated[str, Personal("survey_response")]


def word_count(gate: Gate, answer: Answer) -> int:
    if not gate.decide("survey_response", "analyse_to_improve"):
        log.error("not permitted")
    return len(answer.text.split())  # finds: unguarded-read
