"""The gate is an attribute that the service makes itself."""

from purposegate import Gate, Ledger


class Pages:
    def __init__(self, ledger: Ledger) -> None:
        self.gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=ledger)

    def results(self, applicant_id: str, employer: str) -> str:
        recipient = f"employer_company/{employer}"
        self.gate.check("evaluation_result", "view_evaluation_result", recipient, subject=applicant_id)  # finds: channel-required
        return "/results"
