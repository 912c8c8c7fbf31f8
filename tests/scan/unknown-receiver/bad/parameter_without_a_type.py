"""Something without a type has an attribute called like a labelled field."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def line(person):
    return f"<{person.email}>"  # finds: unknown-receiver
