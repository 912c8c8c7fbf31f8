"""The guarded caller, whose gate the page uses as well."""

from purposegate import Gate

from . import formatting

gate = Gate.load("policies/en-japan-video-interview.yaml")


@gate.guard("name", purpose="send_service_email")
def invitation(candidate: formatting.Candidate) -> str:
    return formatting.salutation(candidate) + ",\nplease record your interview."
