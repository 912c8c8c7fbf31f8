"""Every purpose, category and recipient of the policy is in some use."""
# policy: tests/scan/policies/magazine.yaml
# assumes: processing_agreement

from purposegate import Gate

gate = Gate.load("tests/scan/policies/magazine.yaml")


def ship(company: str) -> None:
    gate.check("postal_address", "deliver_magazine", f"delivery_company/{company}", channel="courier")


def bill() -> None:
    gate.check("reader_email", "send_invoice")
    gate.check("contact_data", "run_subscriptions", "printing_house/north")


def recommend() -> None:
    gate.check("reading_history", "recommend_articles")
