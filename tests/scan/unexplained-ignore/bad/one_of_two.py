"""One of two comments gives a reason."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def export(target: str) -> None:
    gate.check("name", "distribute_advertising")  # purposegate: ignore[undeclared-purpose] denied on purpose, a smoke test
    # finds below: unexplained-ignore, unreadable-use
    gate.check("name", "provide_service", target)  # purposegate: ignore[unreadable-use]
