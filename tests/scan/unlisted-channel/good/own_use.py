"""The company's own use goes through no channel; naming one does no harm."""

from purposegate import Gate

gate = Gate.load("tests/scan/policies/magazine.yaml")


def print_at_home(reader_id: str) -> None:
    gate.check("postal_address", "deliver_magazine", subject=reader_id, channel="fax")
