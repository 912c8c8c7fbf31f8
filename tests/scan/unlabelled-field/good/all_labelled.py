"""Everything that looks personal bears a label, in one way or another."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, EmailStr

from purposegate import Personal, Sealed

Email = Annotated[EmailStr, Personal("email_address")]


class Candidate(BaseModel):
    id: str
    email: Email
    first_name: Annotated[str, Personal("name")]
    phone_number: Annotated[str | None, Personal("user_information")] = None


@dataclass
class Booking:
    id: str
    emails: list[Email]
    birthday: Annotated[Sealed[str], Personal("attribute_information")]
