"""Labels the address as what it is not."""

from typing import Annotated

from leaks.world import SECRET, World
from pydantic import BaseModel

from purposegate import Personal

REASON = "a label is what the code says of its data, and nothing reads the data to contradict it"


class Visit(BaseModel):
    by: Annotated[str, Personal("usage_history")]


def leak(world: World) -> object:
    return world.gate.disclose(Visit(by=SECRET), "distribute_advertising")
