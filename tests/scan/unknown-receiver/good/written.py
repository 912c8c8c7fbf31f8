"""To set an attribute of something unknown is no read."""

from dataclasses import dataclass
from typing import Annotated, Any

from purposegate import Personal


@dataclass
class Visitor:
    id: str
    cookie: Annotated[str, Personal("cookie")]


def forget(holder: Any) -> None:
    holder.cookie = ""
    del holder.cookie
