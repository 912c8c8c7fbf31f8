"""A question whose answer hangs on the agreement."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def mailer(candidate_id: str) -> str:
    if gate.decide("email_address", "send_service_email", "service_provider/ses", subject=candidate_id):  # finds: unmet-condition
        return "ses"
    return "own"
