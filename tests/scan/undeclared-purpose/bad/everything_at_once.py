"""What is opened for three categories is not opened for all personal information."""

from purposegate import Gate


class AdExporter:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def export(self, segment: str) -> str:
        self._gate.check("personal_information", "distribute_advertising")  # finds: undeclared-purpose
        return f"s3://segments/{segment}.csv"
