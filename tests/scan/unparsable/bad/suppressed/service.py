"""The other file is read all the same."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def export() -> None:
    gate.check("name", "distribute_advertising")  # finds: undeclared-purpose
