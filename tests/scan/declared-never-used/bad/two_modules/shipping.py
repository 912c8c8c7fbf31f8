"""What the delivery company is told."""

from purposegate import Gate

gate = Gate.load("tests/scan/policies/magazine.yaml")


def ship(company: str) -> None:
    gate.check("contact_data", "run_subscriptions")
    gate.check("postal_address", "deliver_magazine", f"delivery_company/{company}", channel="courier")
