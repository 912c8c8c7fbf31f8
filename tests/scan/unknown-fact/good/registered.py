"""Both facts are registered under their names."""

from purposegate import Gate, Use

APPLIED = "applied_to_employer"


def applied(use: Use) -> bool:
    return use.subject == "a-1"


gate = Gate.load("tests/scan/policies/applied.yaml", facts={APPLIED: applied, "position_open": lambda use: True})
