"""A subclass is guarded as its base is."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Question:
    id: str
    text: Annotated[str, Personal("inquiry")]


@gate.guard("inquiry", purpose="respond_to_inquiries")
class Desk:
    def length(self, question: Question) -> int:
        return len(question.text)


class NightDesk(Desk):
    def is_urgent(self, question: Question) -> bool:
        return "urgent" in question.text.lower()
