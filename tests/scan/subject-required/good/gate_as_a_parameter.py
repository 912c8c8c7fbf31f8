"""Whoever makes the gate that is passed in says whether it has a ledger; here it has none."""

from purposegate import Gate


def monitor(gate: Gate) -> None:
    gate.check("usage_history", "monitor_usage")


def main() -> None:
    monitor(Gate.load("policies/en-japan-video-interview.yaml"))
