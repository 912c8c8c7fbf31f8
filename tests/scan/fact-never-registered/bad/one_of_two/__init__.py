"""One of the two facts is registered, by each of two gates."""

from purposegate import Gate, Use


def applied(use: Use) -> bool:
    return use.subject == "a-1"


web = Gate.load("tests/scan/policies/applied.yaml", facts={"applied_to_employer": applied})
worker = Gate.load("tests/scan/policies/applied.yaml", facts={"applied_to_employer": applied})
