"""The category of a sealed field stands in its annotation."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal, Sealed


@dataclass
class Lead:
    id: str
    email: Annotated[Sealed[str], Personal("email_address")]


async def upload(gate: Gate, lead: Lead) -> bytes:
    address = await gate.aopen(lead.email, "distribute_advertising")  # finds: undeclared-purpose
    return address.encode()
