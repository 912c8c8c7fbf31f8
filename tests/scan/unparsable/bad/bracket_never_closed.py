"""A bracket is opened and never closed."""

from purposegate import Gate

gate = Gate.load(  # finds: unparsable
    "policies/en-japan-video-interview.yaml"


def mail(candidate_id: str) -> None:
    gate.check("email_address", "send_service_email", subject=candidate_id)
