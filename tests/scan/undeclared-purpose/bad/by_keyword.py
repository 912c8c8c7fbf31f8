"""The parts of the use are passed by keyword and in another order."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def lookalikes(candidate_ids: list[str]) -> int:
    for candidate_id in candidate_ids:
        gate.check(purpose="distribute_advertising", subject=candidate_id, data_category="email_address")  # finds: undeclared-purpose
    return len(candidate_ids)
