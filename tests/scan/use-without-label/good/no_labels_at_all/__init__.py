"""Code that has no labels yet is not told what it lacks."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def report(visitors: dict[str, list[str]]) -> int:
    gate.check("usage_history", "monitor_usage")
    return sum(map(len, visitors.values()))
