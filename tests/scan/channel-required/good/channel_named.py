"""Each use by an employer names its channel."""

from purposegate import Gate, MemoryLedger

gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=MemoryLedger(["employer_company/acme"]))


def show(applicant_id: str) -> None:
    gate.check("name", "view_video_interview", "employer_company/acme", subject=applicant_id, channel="email")
