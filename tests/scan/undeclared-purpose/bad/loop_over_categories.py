"""One of the categories of the loop is not opened."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
FOR_ADS = ("usage_history", "terminal_information", "inquiry")


def release(candidate_id: str) -> None:
    for data_category in FOR_ADS:
        gate.check(data_category, "distribute_advertising", subject=candidate_id)  # finds: undeclared-purpose
