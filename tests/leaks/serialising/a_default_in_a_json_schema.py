"""Takes a real address as the example of a field, which the JSON Schema publishes."""

from typing import Annotated

from leaks.people import an_email
from leaks.world import World
from pydantic import BaseModel

from purposegate import Personal, Sealed


class Settings(BaseModel):
    reply_to: Annotated[Sealed[str], Personal("email_address")] = an_email()


def leak(world: World) -> object:
    return Settings.model_json_schema(), Settings().model_dump_json(), repr(Settings.model_fields)
