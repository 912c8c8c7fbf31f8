"""A gate with facts, a trail and a clock has no ledger."""

from purposegate import Gate, MemorySink

gate = Gate.load("policies/en-japan-video-interview.yaml", trail=MemorySink(), ledger=None)


def monitor() -> None:
    gate.check("usage_history", "monitor_usage")
