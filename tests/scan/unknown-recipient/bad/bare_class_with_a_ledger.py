"""A gate with a ledger must be told which employer it is."""

from purposegate import Gate, MemoryLedger

ledger = MemoryLedger(["employer_company/acme"])
gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=ledger)


def show(applicant_id: str) -> None:
    gate.check("name", "view_video_interview", "employer_company", subject=applicant_id, channel="website")  # finds: unknown-recipient
