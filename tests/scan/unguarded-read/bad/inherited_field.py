"""The label stands in the class above."""

from typing import Annotated

from pydantic import BaseModel

from purposegate import Personal


class Person(BaseModel):
    id: str
    name: Annotated[str, Personal("name")]


class Applicant(Person):
    applied_on: str


def certificate(applicant: Applicant) -> str:
    return f"{applicant.name} applied on {applicant.applied_on}"  # finds: unguarded-read
