"""The recipient is declared by the policy of this gate."""

from purposegate import Gate

gate = Gate.load("tests/scan/policies/magazine.yaml")


def ship(company: str) -> None:
    gate.check("postal_address", "deliver_magazine", f"delivery_company/{company}", channel="courier")
