"""The three categories of clause 3(8) are opened for advertising."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def segment(candidate_id: str) -> tuple[str, ...]:
    for data_category in ("attribute_information", "usage_history", "terminal_information"):
        gate.check(data_category, "distribute_advertising", subject=candidate_id)
    return ("region", "last visit", "browser")
