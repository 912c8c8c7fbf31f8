"""A fact is registered under a misspelt name."""

from purposegate import Gate, Use


def applied(use: Use) -> bool:
    return use.subject == "a-1"


gate = Gate.load("tests/scan/policies/applied.yaml", facts={"applied_to_employers": applied})  # finds: unknown-fact
