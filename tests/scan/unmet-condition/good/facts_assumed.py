"""The facts are taken to hold."""
# assumes: applied_to_employer, position_open

from purposegate import Gate, Use


class Applications:
    def __init__(self, applied: set[tuple[str, str]]) -> None:
        self.applied = applied
        self.gate = Gate.load(
            "tests/scan/policies/applied.yaml",
            facts={"applied_to_employer": self._applied, "position_open": lambda use: use.recipient is not None},
        )

    def show(self, applicant_id: str, company: str) -> None:
        self.gate.check("application_data", "show_to_employer", f"employer/{company}", subject=applicant_id)

    def _applied(self, use: Use) -> bool:
        return (use.subject or "", use.recipient or "") in self.applied
