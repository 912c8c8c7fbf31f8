"""What may not be disclosed is left out, and that is what was asked for."""

from typing import Annotated, Any

from pydantic import BaseModel

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


class Visitor(BaseModel):
    id: str
    device: Annotated[str, Personal("terminal_information")]
    email: Annotated[str, Personal("email_address")]


def bid_request(visitor: Visitor) -> Any:
    return gate.disclose(visitor, "distribute_advertising", on_denied="drop")
