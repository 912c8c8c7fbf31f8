"""An employer company is listed for the three purposes of 4(1)."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
PURPOSES = ("view_video_interview", "create_evaluation_result", "view_evaluation_result")


def show(employer: str, applicant_id: str) -> None:
    for purpose in PURPOSES:
        for data_category in ("name", "email_address", "video_interview"):
            gate.check(data_category, purpose, f"employer_company/{employer}", subject=applicant_id)
