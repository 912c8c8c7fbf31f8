"""Of the magazine's policy only the deliveries are there, done by the publisher itself."""
# policy: tests/scan/policies/magazine.yaml

from purposegate import Gate

gate = Gate.load("tests/scan/policies/magazine.yaml")


def labels(reader_ids: list[str]) -> int:
    gate.check("postal_address", "deliver_magazine")
    return len(reader_ids)
