"""`attrs.asdict` reads every field too."""

import json
from typing import Annotated

import attrs

from purposegate import Personal


@attrs.define
class Visit:
    id: int
    history: Annotated[tuple[str, ...], Personal("access_history")]


def dump(visits: list[Visit]) -> str:
    return json.dumps([attrs.asdict(visit) for visit in visits])  # finds: unguarded-read
