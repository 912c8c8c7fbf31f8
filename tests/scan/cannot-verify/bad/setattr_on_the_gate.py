"""`setattr` replaces the method like an assignment."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def unlock() -> None:
    setattr(gate, "check", print)  # finds: cannot-verify
