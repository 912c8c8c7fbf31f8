"""A loop over an enumeration goes over its members."""

from enum import StrEnum

from purposegate import Gate


class ForAds(StrEnum):
    VISITS = "usage_history"
    DEVICE = "terminal_information"
    REGION = "attribute_information"


def segment(gate: Gate, candidate_id: str) -> list[str]:
    for data_category in ForAds:
        gate.check(data_category, "distribute_advertising", subject=candidate_id)
    return [each.name for each in ForAds]
