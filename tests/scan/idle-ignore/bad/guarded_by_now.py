"""The read is covered by now."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Question:
    id: str
    text: Annotated[str, Personal("inquiry")]


@gate.guard("inquiry", purpose="respond_to_inquiries")
def answer(question: Question) -> str:
    # finds below: idle-ignore
    # purposegate: ignore[unguarded-read] the guard comes next week
    return f"> {question.text}"
