"""The guard names a company as if it were a class."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


@gate.guard("video_interview", purpose="view_video_interview", recipient="acme")  # finds: unknown-recipient
def player(applicant_id: str) -> str:
    return f"/play/{applicant_id}"
