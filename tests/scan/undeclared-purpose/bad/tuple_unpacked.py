"""The parts of the use are unpacked from a literal tuple."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
USES = [
    ("usage_history", "distribute_advertising"),
    ("inquiry", "distribute_advertising"),
]


def release_all() -> None:
    for data_category, purpose in USES:
        gate.check(data_category, purpose)  # finds: undeclared-purpose
