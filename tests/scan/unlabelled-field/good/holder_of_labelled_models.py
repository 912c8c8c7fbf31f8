"""A field whose type is a model with labels needs none of its own."""

from dataclasses import dataclass, field
from typing import Annotated

from purposegate import Personal


@dataclass
class Contact:
    email: Annotated[str, Personal("email_address")]
    phone: Annotated[str, Personal("user_information")]


@dataclass
class Application:
    id: str
    contact: Contact
    contacts: list[Contact] = field(default_factory=list)
