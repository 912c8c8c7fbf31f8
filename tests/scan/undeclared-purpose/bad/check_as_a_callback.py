"""A helper calls whatever it is handed."""

from collections.abc import Callable

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def call(function: Callable[[str, str], object]) -> None:
    function("video_interview", "distribute_advertising")  # finds: undeclared-purpose


def play() -> None:
    call(gate.check)
