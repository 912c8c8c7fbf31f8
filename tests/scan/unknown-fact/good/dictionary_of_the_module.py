"""The facts are gathered in a dictionary first."""

from purposegate import Gate, Use


def applied(use: Use) -> bool:
    return use.subject == "a-1"


FACTS = {"applied_to_employer": applied, "position_open": applied}
gate = Gate.load("tests/scan/policies/applied.yaml", facts=FACTS)
