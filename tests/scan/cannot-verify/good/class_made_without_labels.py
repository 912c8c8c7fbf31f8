"""Classes are made without a label in a module that has some."""

from typing import Annotated, Any

from pydantic import BaseModel, create_model

from purposegate import Personal


class Candidate(BaseModel):
    id: str
    email: Annotated[str, Personal("email_address")]


def page_of(item: Any) -> Any:
    return create_model("Page", total=(int, 0), items=(list[item], []))


Marker = type("Marker", (), {"__slots__": ()})
