"""The guarded caller."""

from purposegate import Gate

from .formatting import Candidate, salutation

gate = Gate.load("policies/en-japan-video-interview.yaml")


@gate.guard("name", purpose="send_service_email")
def invitation(candidate: Candidate) -> str:
    return salutation(candidate) + ",\nplease record your interview."
