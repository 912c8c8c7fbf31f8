"""The object whose attribute cannot be told has no label."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Limits:
    retries: int = 3
    timeout: int = 30


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]


def limit(limits: Limits, option: str) -> int:
    return int(getattr(limits, option))
