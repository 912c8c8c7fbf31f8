"""A purpose that only the gate's own policy has."""

from purposegate import Gate

gate = Gate.load("tests/scan/policies/magazine.yaml")


def bill(reader_id: str) -> None:
    gate.check("reader_email", "send_invoice", subject=reader_id)
