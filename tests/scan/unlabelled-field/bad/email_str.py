"""The type of the field says what its label does not."""

from typing import Annotated

from pydantic import BaseModel, EmailStr

from purposegate import Personal


class Candidate(BaseModel):
    id: str
    name: Annotated[str, Personal("name")]
    contact: EmailStr  # finds: unlabelled-field
