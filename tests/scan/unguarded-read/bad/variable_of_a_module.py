"""A module keeps an address in a variable with a label."""

from typing import Annotated

from purposegate import Personal

complaints_to: Annotated[str, Personal("email_address")] = "hanako@example.com"


def recipient() -> str:
    return complaints_to  # finds: unguarded-read
