"""A guard leaves the purpose to the block around it; its category is unknown all the same."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


@gate.guard("fullname")  # finds: unknown-category
def signature(candidate_id: str) -> str:
    return f"-- \n{candidate_id}"


def mail(candidate_id: str) -> str:
    with gate.purpose("send_service_email"):
        return signature(candidate_id)
