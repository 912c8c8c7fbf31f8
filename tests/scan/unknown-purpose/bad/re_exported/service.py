"""The uses."""

from purposegate import Gate

from . import ADVERTISING, MAIL


class Campaigns:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def start(self) -> None:
        self._gate.check("email_address", MAIL)
        self._gate.check("usage_history", ADVERTISING)  # finds: unknown-purpose
