"""A gate with a ledger records by which way an employer was given data."""

from purposegate import Gate, MemoryLedger

gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=MemoryLedger(["employer_company/acme"]))


def show(applicant_id: str) -> str:
    gate.check("name", "view_video_interview", "employer_company/acme", subject=applicant_id)  # finds: channel-required
    return f"/applicants/{applicant_id}"
