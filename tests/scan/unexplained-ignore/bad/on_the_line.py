"""The finding is suppressed, and nobody says why."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def export() -> None:
    # finds below: unexplained-ignore, undeclared-purpose
    gate.check("video_interview", "distribute_advertising")  # purposegate: ignore[undeclared-purpose]
