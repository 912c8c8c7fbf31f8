"""A local constant stands in front of the one of the module that is no purpose."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
PURPOSE = "nightly"


def mail(candidate_id: str) -> None:
    PURPOSE = "send_service_email"
    gate.check("email_address", PURPOSE, subject=candidate_id)


def title() -> str:
    return f"the {PURPOSE} job"
