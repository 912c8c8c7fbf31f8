"""A mapping pattern takes a labelled key out of a row."""

from typing import Annotated, TypedDict

from purposegate import Personal


class Hit(TypedDict):
    path: str
    device: Annotated[str, Personal("terminal_information")]


def is_phone(hit: Hit) -> bool:
    match hit:
        case {"device": str(device)}:  # finds: unguarded-read
            return "Mobile" in device
        case _:
            return False
