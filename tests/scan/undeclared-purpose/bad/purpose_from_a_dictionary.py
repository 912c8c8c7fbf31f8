"""The purpose is looked up in a literal dictionary under a literal key."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
PURPOSES = {"mail": "send_service_email", "ads": "distribute_advertising"}


def task_mail() -> None:
    gate.check("name", PURPOSES["mail"])


def task_ads() -> None:
    gate.check("name", PURPOSES["ads"])  # finds: undeclared-purpose
