"""A closure fixes the recipient that a function was made for."""

from collections.abc import Callable

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def releaser(purpose: str) -> Callable[[str], None]:
    def release(data_category: str) -> None:
        gate.check(data_category, purpose, "third_party/benchmark")  # finds: unlisted-recipient

    return release


def benchmark() -> None:
    release = releaser("analyse_to_improve")
    release("usage_history")
