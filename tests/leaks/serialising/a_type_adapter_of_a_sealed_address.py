"""Dumps addresses themselves, without a model around them."""

from typing import Annotated

from leaks.people import an_email
from leaks.world import World
from pydantic import TypeAdapter

from purposegate import Personal, Sealed


def leak(world: World) -> object:
    adapter = TypeAdapter(dict[str, Annotated[Sealed[str], Personal("email_address")] | None])
    return adapter.dump_python({"c-1": an_email()}, mode="json"), adapter.dump_json({"c-1": an_email()})
