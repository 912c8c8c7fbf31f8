"""`continue` skips what is denied."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Answer:
    id: str
    text: Annotated[str, Personal("survey_response")]


def words(answers: list[Answer]) -> int:
    total = 0
    for answer in answers:
        if not gate.decide("survey_response", "analyse_to_improve", subject=answer.id):
            continue
        total += len(answer.text.split())
    else:
        print("all counted")
    return total
