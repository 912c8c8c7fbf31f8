"""A rule about policies is no finding about code."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def mail(candidate_id: str) -> None:
    # finds below: unknown-ignore
    gate.check("email_address", "send_service_email", subject=candidate_id)  # purposegate: ignore[idle-purpose] it is new
