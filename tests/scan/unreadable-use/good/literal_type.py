"""The annotation of the parameter lists what it may be."""

from typing import Literal

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def mail(candidate_id: str, purpose: Literal["send_service_email", "inform_and_survey"]) -> str:
    gate.check("email_address", purpose, subject=candidate_id)
    return candidate_id
