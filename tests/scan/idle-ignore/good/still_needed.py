"""Every comment suppresses something."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Question:
    id: str
    text: Annotated[str, Personal("inquiry")]


def answer(question: Question) -> str:
    # purposegate: ignore[unguarded-read] the guard comes next week
    return f"> {question.text}"


def export() -> None:
    gate.check("name", "distribute_advertising")  # purposegate: ignore[undeclared-purpose] a smoke test
