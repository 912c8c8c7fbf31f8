"""A rule of the configuration is evaluated over labelled objects."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Applicant:
    id: str
    score: Annotated[int, Personal("evaluation_result")]


def passes(applicant: Applicant, rule: str) -> bool:
    return bool(eval(rule, {"applicant": applicant}))  # finds: cannot-verify
