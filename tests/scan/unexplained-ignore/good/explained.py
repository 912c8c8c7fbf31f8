"""Each comment says why."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def smoke(target: str) -> None:
    gate.check("name", "distribute_advertising")  # purposegate: ignore[undeclared-purpose] the smoke test wants a denial
    # purposegate: ignore[unreadable-use] the operator says to whom
    gate.check("name", "provide_service", target)
