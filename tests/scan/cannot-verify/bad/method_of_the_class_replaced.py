"""The method of every gate is replaced."""

from typing import Any

from purposegate import Gate


def permit(self: Gate, *args: Any, **kwargs: Any) -> None:
    return None


Gate.check = permit  # finds: cannot-verify
