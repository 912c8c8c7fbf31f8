"""Gives the labelled type a name of its own, in the ways that there are."""

from typing import Annotated, NewType, TypeAlias

from leaks.world import SECRET, World
from pydantic import BaseModel
from typing_extensions import TypeAliasType

from purposegate import Personal

Email: TypeAlias = Annotated[str, Personal("email_address")]
Emails = TypeAliasType("Emails", dict[str, list[Email]])
PersonId = NewType("PersonId", str)


class Profile(BaseModel):
    id: PersonId
    first: Email
    others: Emails


def leak(world: World) -> object:
    profile = Profile(id=PersonId("c-1"), first=SECRET, others={"all": [SECRET]})
    return world.gate.disclose(profile, "distribute_advertising", on_denied="drop")
