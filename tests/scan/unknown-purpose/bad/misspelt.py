"""A purpose is misspelt."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def remind(candidate_id: str) -> None:
    gate.check("email_address", "send_service_emails", subject=candidate_id)  # finds: unknown-purpose
