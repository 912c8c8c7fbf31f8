"""What the handler swallows cannot be a violation."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Question:
    id: str
    text: Annotated[str, Personal("inquiry")]


def answered(question: Question, answers: dict[str, str]) -> str:
    try:
        gate.check("inquiry", "respond_to_inquiries", "data_subject")
        answer = answers[question.id]
    except KeyError:
        return f"> {question.text}\nno answer yet"
    return f"> {question.text}\n{answer}"
