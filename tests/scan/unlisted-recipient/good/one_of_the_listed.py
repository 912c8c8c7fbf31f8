"""The recipient is one of two, and both are listed."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def play(applicant_id: str, employer: str | None) -> str:
    recipient = "data_subject" if employer is None else "employer_company/" + employer
    gate.check("video_interview", "view_video_interview", recipient, subject=applicant_id)
    return f"/play/{applicant_id}"
