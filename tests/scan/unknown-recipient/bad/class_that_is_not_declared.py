"""A class of recipients that the policy does not declare."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def share(candidate_id: str) -> None:
    gate.check("name", "provide_service", "group_company", subject=candidate_id)  # finds: unknown-recipient
