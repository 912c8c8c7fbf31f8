"""A question that can only be answered with no."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def ad_fields() -> list[str]:
    fields = []
    if gate.decide("usage_history", "distribute_advertising"):
        fields.append("visits")
    if gate.decide("survey_response", "distribute_advertising"):  # finds: undeclared-purpose
        fields.append("answers")
    return fields
