"""A channel that only the gate's own policy declares."""

from purposegate import Gate

gate = Gate.load("tests/scan/policies/magazine.yaml")


def ship() -> None:
    gate.check("postal_address", "deliver_magazine", "delivery_company", channel="secure_portal")
