"""The block of the purpose is over when the field is read."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Question:
    id: str
    text: Annotated[str, Personal("inquiry")]


def load(questions: dict[str, Question], question_id: str) -> str:
    with gate.purpose("respond_to_inquiries"):
        question = questions[question_id]
    return question.text  # finds: unguarded-read
