"""The use of them."""

from purposegate import Gate

from . import ADVERTISING, VIDEO

gate = Gate.load("policies/en-japan-video-interview.yaml")


def export() -> None:
    gate.check(VIDEO, ADVERTISING)  # finds: undeclared-purpose
