"""`__dict__` is the whole object."""

import json
from typing import Annotated

from purposegate import Personal


class Session:
    id: str
    cookie: Annotated[str, Personal("cookie")]

    def __init__(self, id: str, cookie: str) -> None:
        self.id = id
        self.cookie = cookie


def state(session: Session) -> str:
    return json.dumps(session.__dict__)  # finds: unguarded-read
