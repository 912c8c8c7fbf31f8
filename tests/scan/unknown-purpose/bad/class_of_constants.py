"""The names are attributes of a class, used under an alias of the class."""

from purposegate import Gate


class Purposes:
    MONITOR = "monitor_usage"
    IMPROVE = "improve_service"


Why = Purposes
gate = Gate.load("policies/en-japan-video-interview.yaml")


def analyse() -> None:
    gate.check("usage_history", Why.MONITOR)
    gate.check("usage_history", Why.IMPROVE)  # finds: unknown-purpose
