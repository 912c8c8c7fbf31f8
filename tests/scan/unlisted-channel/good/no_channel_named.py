"""A use that names no channel has to keep to the listed ones, and is permitted."""

from purposegate import Gate

gate = Gate.load("tests/scan/policies/magazine.yaml")


def ship(company: str) -> tuple[str, ...]:
    decision = gate.check("postal_address", "deliver_magazine", f"delivery_company/{company}")
    return decision.channels
