"""The wrong recipient is a default of a parameter, and no caller passes another."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def show(applicant_id: str, recipient: str = "employers") -> None:
    gate.check("name", "view_video_interview", recipient, subject=applicant_id)  # finds: unknown-recipient


def job(applicant_ids: list[str]) -> None:
    for applicant_id in applicant_ids:
        show(applicant_id)
