"""A bound gate is called, or asked to check; both release."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")
support = gate.bind("respond_to_inquiries", "data_subject")


@dataclass
class Question:
    id: str
    text: Annotated[str, Personal("inquiry")]
    email: Annotated[str, Personal("email_address")]


def reply(question: Question, answer: str) -> tuple[str, str]:
    support("inquiry")
    support.check("email_address")
    return question.email, f"> {question.text}\n\n{answer}"
