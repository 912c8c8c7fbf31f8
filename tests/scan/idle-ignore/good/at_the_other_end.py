"""The comment stands on the last line of a call, and the finding on its first one."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def export() -> None:
    gate.check(
        "usage_history",
        "distribute_advertising",
        "third_party/ad-network",
    )  # purposegate: ignore[unlisted-recipient] a smoke test
