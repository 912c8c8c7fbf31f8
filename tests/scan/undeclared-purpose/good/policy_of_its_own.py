"""What the project's policy does not know the gate's own one opens."""

from pathlib import Path

from purposegate import Gate

POLICIES = Path(__file__).resolve().parent.parent.parent / "policies"
gate = Gate.load(POLICIES / "magazine.yaml")


def invoice(reader_id: str) -> None:
    gate.check("postal_address", "send_invoice", subject=reader_id)
    gate.check("contact_data", "run_subscriptions", subject=reader_id)
