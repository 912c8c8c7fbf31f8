"""The delivery company is told by fax, which its provision does not list."""

from purposegate import Gate

gate = Gate.load("tests/scan/policies/magazine.yaml")


def ship(company: str) -> str:
    gate.check("postal_address", "deliver_magazine", f"delivery_company/{company}", channel="fax")  # finds: unlisted-channel
    return f"fax:{company}"
