"""A use of all contact data for all of the subscriptions covers what lies under them."""
# policy: tests/scan/policies/magazine.yaml

from purposegate import Gate

gate = Gate.load("tests/scan/policies/magazine.yaml")


@gate.guard("contact_data", purpose="run_subscriptions")
class Subscriptions:
    def renew(self, reader_id: str) -> str:
        return reader_id
