"""The comment names no finding that there is, and suppresses nothing."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def export() -> None:
    # finds below: undeclared-purpose, unknown-ignore
    gate.check("video_interview", "distribute_advertising")  # purposegate: ignore[undeclared-porpoise] launches in May
