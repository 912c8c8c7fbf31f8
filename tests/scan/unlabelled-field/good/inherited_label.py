"""The subclass overrides the default of a field whose label stands above, and keeps the label."""

from typing import Annotated

from pydantic import BaseModel, Field

from purposegate import Personal


class Person(BaseModel):
    id: str
    email: Annotated[str, Personal("email_address"), Field(max_length=200)]


class Applicant(Person):
    applied_on: str
    stage: str = "new"
