"""The guard names no channel."""

from purposegate import From, Gate, MemoryLedger

gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=MemoryLedger(["employer_company/acme"]))


@gate.guard(  # finds: channel-required
    "video_interview", purpose="view_video_interview", recipient="employer_company/acme", subject=From("applicant_id")
)
def player(applicant_id: str) -> str:
    return f"/play/{applicant_id}"
