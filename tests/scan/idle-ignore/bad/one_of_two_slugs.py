"""Of the two findings that the comment names only one is there."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def export() -> None:
    # finds below: idle-ignore
    gate.check("name", "distribute_advertising")  # purposegate: ignore[undeclared-purpose, unlisted-recipient] a smoke test
