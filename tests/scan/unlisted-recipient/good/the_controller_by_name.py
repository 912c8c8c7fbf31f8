"""The controller may be named, and is meant where nobody is."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def monitor(recipient: str | None = None) -> None:
    gate.check("usage_history", "monitor_usage", recipient)


def jobs() -> None:
    monitor()
    monitor(None)
    monitor("en_japan")
