"""The bound gate is called without a channel."""

from purposegate import Gate, MemoryLedger

gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=MemoryLedger(["employer_company/acme"]))
acme = gate.bind("view_video_interview", "employer_company/acme")


def show(applicant_id: str) -> None:
    acme.check("name", subject=applicant_id, channel="website")
    acme.check("video_interview", subject=applicant_id)  # finds: channel-required
