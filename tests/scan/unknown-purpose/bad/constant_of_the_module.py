"""The purpose is a constant that was never in the policy."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
PURPOSE = "credit_scoring"


class Scoring:
    def run(self, candidate_id: str) -> int:
        gate.check("attribute_information", PURPOSE, subject=candidate_id)  # finds: unknown-purpose
        return 0
