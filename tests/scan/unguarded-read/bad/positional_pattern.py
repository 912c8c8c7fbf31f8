"""A positional pattern takes the attribute by `__match_args__`."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Inquiry:
    id: str
    text: Annotated[str, Personal("inquiry")]


def first_word(event: object) -> str:
    match event:
        case Inquiry(_, text):  # finds: unguarded-read
            return text.split()[0]
    return ""
