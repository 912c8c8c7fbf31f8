"""A comment that only speaks of the program asks for nothing."""

# purposegate is asked before each mail; see purposegate scan --help.
from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def mail(candidate_id: str) -> None:
    gate.check("email_address", "send_service_email", subject=candidate_id)  # noqa: E501
