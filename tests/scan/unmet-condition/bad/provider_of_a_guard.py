"""The guard names the provider that mails are sent through."""

from purposegate import From, Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


@gate.guard("email_address", purpose="send_service_email", recipient="service_provider/mailer", subject=From("candidate_id"))  # finds: unmet-condition
def hand_over(candidate_id: str) -> str:
    return f"queued {candidate_id}"
