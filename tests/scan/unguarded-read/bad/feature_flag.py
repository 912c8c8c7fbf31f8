"""The check is behind a flag of the settings."""

import os
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

ENFORCE = os.environ.get("ENFORCE_PRIVACY", "1") == "1"
gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Answer:
    id: str
    text: Annotated[str, Personal("survey_response")]


def sentiment(answer: Answer) -> int:
    if ENFORCE:
        gate.check("survey_response", "analyse_to_improve")
    return answer.text.count("!")  # finds: unguarded-read
