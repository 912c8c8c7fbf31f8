"""The labelled model."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Applicant:
    id: str
    email: Annotated[str, Personal("email_address")]
