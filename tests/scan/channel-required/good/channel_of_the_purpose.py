"""The purpose around it names the channel."""

from purposegate import Gate, MemoryLedger

gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=MemoryLedger(["employer_company/acme"]))


def show(applicant_id: str) -> None:
    with gate.purpose("view_video_interview", "employer_company/acme", subject=applicant_id, channel="website"):
        gate.check("name")
        gate.check("video_interview")
