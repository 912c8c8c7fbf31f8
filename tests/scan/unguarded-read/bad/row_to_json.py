"""`json.dumps` of a labelled row reads all of it."""

import json
from typing import Annotated, TypedDict

from purposegate import Personal


class Event(TypedDict):
    id: str
    pages: Annotated[list[str], Personal("usage_history")]


def as_line(event: Event) -> str:
    return json.dumps(event)  # finds: unguarded-read
