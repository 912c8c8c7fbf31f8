"""The recipient comes from the caller, as a keyword."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def show(applicant_id: str, *, to: str) -> str:
    gate.check("video_interview", "view_video_interview", to, subject=applicant_id)
    return f"/play/{applicant_id}"


def pages(applicant_id: str) -> list[str]:
    return [
        show(applicant_id, to="employer_company/acme"),
        show(applicant_id, to="data_subject"),
        show(applicant_id, to="third_party/video-portal"),  # finds: unlisted-recipient
    ]
