"""Keeps people in typed dictionaries, which are plain ones when the program runs."""

from typing import Annotated, NotRequired, TypedDict

from leaks.world import SECRET, World

from purposegate import Personal


class Row(TypedDict):
    id: str
    email: NotRequired[Annotated[str, Personal("email_address")]]


def leak(world: World) -> object:
    row: Row = {"id": "c-1", "email": SECRET}
    return world.gate.disclose([row], "distribute_advertising", on_denied="drop", as_type=list[Row])
