"""A loop over literal categories has one that is unknown."""

from purposegate import Gate


def release(gate: Gate, applicant_id: str, employer: str) -> None:
    for data_category in ["name", "email", "video_interview"]:
        gate.check(data_category, "view_video_interview", f"employer_company/{employer}", subject=applicant_id)  # finds: unknown-category
