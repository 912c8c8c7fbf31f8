"""The value is bound where it is tested."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Visitor:
    id: str
    cookie: Annotated[str | None, Personal("cookie")] = None


def session_key(visitor: Visitor) -> str:
    if (cookie := visitor.cookie) is not None:  # finds: unguarded-read
        return cookie[:16]
    return visitor.id
