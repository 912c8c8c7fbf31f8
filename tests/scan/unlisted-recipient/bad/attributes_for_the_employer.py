"""Article 4(1) provides five categories, and attributes are none of them."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
SHOWN = ["name", "video_interview", "attribute_information"]


def show(employer: str, applicant_id: str) -> None:
    for data_category in SHOWN:
        gate.check(data_category, "view_video_interview", f"employer_company/{employer}", subject=applicant_id)  # finds: unlisted-recipient
