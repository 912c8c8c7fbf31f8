"""A field that is only ever set."""

from typing import Annotated

from pydantic import BaseModel

from purposegate import Personal


class Session(BaseModel):
    id: str
    cookie: Annotated[str, Personal("cookie")] = ""  # finds: label-never-used


def begin(session: Session, value: str) -> Session:
    session.cookie = value
    return session
