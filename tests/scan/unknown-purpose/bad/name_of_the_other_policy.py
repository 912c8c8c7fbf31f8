"""A purpose of the project's policy is none of the gate's own."""

from purposegate import Gate

gate = Gate.load("tests/scan/policies/magazine.yaml")


def welcome(reader_id: str) -> None:
    gate.check("reader_email", "send_service_email", subject=reader_id)  # finds: unknown-purpose
