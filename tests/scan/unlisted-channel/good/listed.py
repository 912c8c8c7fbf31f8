"""Both listed channels."""

from purposegate import Gate

gate = Gate.load("tests/scan/policies/magazine.yaml")


def ship(company: str) -> None:
    for channel in ("courier", "secure_portal"):
        gate.check("postal_address", "deliver_magazine", f"delivery_company/{company}", channel=channel)
