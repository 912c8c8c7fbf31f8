"""The comment stands on the last line of a call, and the finding on its first one."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def export() -> None:
    gate.check(  # finds: unlisted-recipient
        "usage_history",
        "distribute_advertising",
        "third_party/ad-network",
        # finds below: idle-ignore
    )  # purposegate: ignore[unlisted-recipient] a smoke test
