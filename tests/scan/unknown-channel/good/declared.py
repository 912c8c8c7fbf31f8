"""Both channels of the policy, by literal and by constant."""

from purposegate import Gate

BY_MAIL = "email"
gate = Gate.load("policies/en-japan-video-interview.yaml")


def show(employer: str, *, mail: bool) -> None:
    channel = BY_MAIL if mail else "website"
    gate.check("name", "view_video_interview", f"employer_company/{employer}", channel=channel)
