"""What tells one kind of store from another to whoever reads its errors."""

from __future__ import annotations

from dataclasses import dataclass

from purposegate.errors import PurposegateError


@dataclass(frozen=True, slots=True)
class Kind:
    """What a store is called, and what it raises: where it gives no answer, and where the connection to it was lost.

    What was being kept over a lost connection may have been kept, or not.
    """

    name: str
    error: type[PurposegateError]
    lost: type[PurposegateError]

    def too_slow(self) -> PurposegateError:
        """Give what is raised where a deadline has passed."""
        return self.error(f"the {self.name} took too long")
