"""Looks at the address in a validator that runs before the field's own, and refuses it."""

from leaks.people import Candidate
from leaks.world import SECRET, World
from pydantic import ValidationError, field_validator

REASON = "what runs before the field's own validation sees plain text, and its error repeats it"


class Employee(Candidate):
    @field_validator("email", mode="before")
    @classmethod
    def of_the_company(cls, email: str) -> str:
        if not email.endswith("@en-japan.test"):
            raise ValueError("no address of the company")
        return email


def leak(world: World) -> object:
    try:
        return Employee.model_validate({"id": "c-1", "email": SECRET})
    except ValidationError as error:
        return str(error), error.errors()
