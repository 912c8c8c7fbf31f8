"""The uses are made in loops over constants of the package."""
# policy: tests/scan/policies/magazine.yaml
# assumes: processing_agreement

from purposegate import Gate

from .names import SUBSCRIPTIONS

gate = Gate.load("tests/scan/policies/magazine.yaml")


def release(company: str) -> None:
    for purpose in SUBSCRIPTIONS:
        for data_category in ("reader_email", "postal_address"):
            gate.check(data_category, purpose, f"printing_house/{company}")
    gate.check("postal_address", "deliver_magazine", f"delivery_company/{company}")
    if gate.decide("reading_history", "recommend_articles"):
        print("recommended")
