"""Without brackets the comment is not understood."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def export() -> None:
    # finds below: undeclared-purpose, unknown-ignore
    gate.check("name", "distribute_advertising")  # purposegate: ignore undeclared-purpose, launches in May
