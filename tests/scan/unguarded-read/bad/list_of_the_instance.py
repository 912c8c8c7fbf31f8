"""The list is made empty in the constructor, and its type said there."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal


@dataclass
class Question:
    id: str
    text: Annotated[str, Personal("inquiry")]


class Inbox:
    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.waiting: list[Question] = []

    def urgent(self) -> list[Question]:
        return [each for each in self.waiting if "urgent" in each.text]  # finds: unguarded-read

    def answer(self) -> str:
        self.gate.check("inquiry", "respond_to_inquiries")
        return "> " + self.waiting.pop().text
