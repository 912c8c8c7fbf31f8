"""With a ledger the employer is named, and registered by an operator who is not in this code."""

from purposegate import Gate, Ledger


class EmployerPages:
    def __init__(self, ledger: Ledger) -> None:
        self.gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=ledger)

    def show(self, applicant_id: str, employer: str) -> None:
        to = f"employer_company/{employer}"
        self.gate.check("name", "view_video_interview", to, subject=applicant_id, channel="website")
