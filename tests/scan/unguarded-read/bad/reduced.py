"""`functools.reduce` calls the lambda that it is given."""

from dataclasses import dataclass
from functools import reduce
from typing import Annotated

from purposegate import Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def joined(candidates: list[Candidate]) -> str:
    return reduce(lambda text, candidate: text + candidate.email, candidates, "")  # finds: unguarded-read
