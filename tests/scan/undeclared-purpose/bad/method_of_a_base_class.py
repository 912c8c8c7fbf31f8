"""The check stands in the base class, the purpose in the subclass that calls it."""

from purposegate import Gate


class Exporter:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def _require(self, purpose: str) -> None:
        self._gate.check("evaluation_result", purpose)


class Report(Exporter):
    def run(self) -> str:
        self._require("analyse_to_improve")
        return "report"


class Campaign(Exporter):
    def run(self) -> str:
        self._require("distribute_advertising")  # finds: undeclared-purpose
        return "campaign"
