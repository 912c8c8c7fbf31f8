"""Validates the address with a function whose complaint repeats it."""

from typing import Annotated

from leaks.world import SECRET, World
from pydantic import AfterValidator, BaseModel

from purposegate import Personal, Sealed

REFUSED = "ValidationError"


def of_the_company(email: str) -> str:
    raise ValueError(f"{email} is no address of the company")


class Signup(BaseModel):
    email: Annotated[Sealed[Annotated[str, AfterValidator(of_the_company)]], Personal("email_address")]


def leak(world: World) -> object:
    return Signup.model_validate_json(f'{{"email": "{SECRET}"}}')
