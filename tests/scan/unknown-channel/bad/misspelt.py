"""A channel that the policy does not declare."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def show(employer: str) -> None:
    gate.check("name", "view_video_interview", f"employer_company/{employer}", channel="web_site")  # finds: unknown-channel
