"""Names of the policy."""

SUBSCRIPTIONS = ("deliver_magazine", "send_invoice")
