"""A function of a library, which nobody calls here."""

from purposegate import Gate


class Access:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def require(self, data_category: str, purpose: str) -> None:
        self._gate.check(data_category, purpose)  # finds: unreadable-use
