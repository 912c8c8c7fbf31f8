"""Without a ledger nothing is recorded, and the channel stays an obligation."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def show(applicant_id: str, employer: str) -> tuple[str, ...]:
    return gate.check("name", "view_video_interview", f"employer_company/{employer}", subject=applicant_id).channels
