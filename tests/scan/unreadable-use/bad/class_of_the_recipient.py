"""Of the recipient only the id could be told, and its class is what counts."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def show(applicant_id: str, partner: dict[str, str]) -> str:
    recipient = f"{partner['kind']}/acme"
    gate.check("name", "view_video_interview", recipient, subject=applicant_id)  # finds: unreadable-use
    return f"/applicants/{applicant_id}"
