"""What the comment excused was mended."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def export() -> None:
    # finds below: idle-ignore
    gate.check("usage_history", "distribute_advertising")  # purposegate: ignore[undeclared-purpose] launches in May
