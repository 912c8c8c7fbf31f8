"""A field was added to the record, and nobody thought of its label."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass(frozen=True)
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]
    phone_number: str | None = None  # finds: unlabelled-field
