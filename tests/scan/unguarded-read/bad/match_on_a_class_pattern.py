"""A class pattern binds a labelled attribute."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Inquiry:
    id: str
    text: Annotated[str, Personal("inquiry")]


@dataclass
class Ping:
    id: str


def route(event: Inquiry | Ping) -> str:
    match event:
        case Ping():
            return "drop"
        case Inquiry(text=text):  # finds: unguarded-read
            return "legal" if "complaint" in text else "support"
