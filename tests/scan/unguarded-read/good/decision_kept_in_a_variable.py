"""The decision is asked for, kept, and looked at before the read."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal, PurposeViolation


@dataclass
class Answer:
    id: str
    text: Annotated[str, Personal("survey_response")]


def word_count(gate: Gate, answer: Answer) -> int:
    decision = gate.decide("survey_response", "analyse_to_improve")
    if not decision.permitted:
        raise PurposeViolation(decision)
    return len(answer.text.split())
