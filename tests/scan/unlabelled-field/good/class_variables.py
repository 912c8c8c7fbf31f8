"""Class variables, methods and constants of a model hold nobody's data."""

from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict

from purposegate import Personal


class Candidate(BaseModel):
    model_config = ConfigDict(frozen=True)

    email_pattern: ClassVar[str] = r".+@.+"
    EMAIL_LENGTH: Final = 200

    id: str
    email: Annotated[str, Personal("email_address")]

    def phone_hint(self) -> str:
        return "call us"
