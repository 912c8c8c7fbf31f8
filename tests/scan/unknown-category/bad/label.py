"""A label names no category of the policy."""

from typing import Annotated

from pydantic import BaseModel, EmailStr

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


class Candidate(BaseModel):
    id: str
    email: Annotated[EmailStr, Personal("e_mail_address")]  # finds: unknown-category
