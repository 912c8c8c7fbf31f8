"""A bound gate is asked for a category whose only field lost its label."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")
analysis = gate.bind("analyse_to_improve")


@dataclass
class Answer:
    id: str
    device: Annotated[str, Personal("terminal_information")]
    stars: int


def average(answers: list[Answer]) -> float:
    analysis("survey_response")
    return sum(answer.stars for answer in answers) / len(answers)


def phones(answers: list[Answer]) -> int:
    analysis("terminal_information")
    return sum("Mobile" in answer.device for answer in answers)
