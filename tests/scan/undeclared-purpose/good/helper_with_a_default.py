"""The helper's parameter has a default, and every caller passes what is opened."""

from purposegate import Gate


class Export:
    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    def require(self, data_category: str, purpose: str = "market_and_improve") -> None:
        self.gate.check(data_category, purpose)

    def campaign(self) -> None:
        self.require("name")
        self.require("survey_response", "analyse_to_improve")
        self.require("usage_history", purpose="distribute_advertising")
