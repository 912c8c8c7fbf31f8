"""A class is made by `type` with labels in its annotations."""

from typing import Annotated, Any

from purposegate import Personal


def row_class(title: str) -> Any:
    return type(title, (), {"__annotations__": {"email": Annotated[str, Personal("email_address")]}})  # finds: cannot-verify
