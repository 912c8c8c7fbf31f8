"""A category that the company never said it would collect."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def geofence(candidate_id: str) -> bool:
    gate.check("location", "provide_service", subject=candidate_id)  # finds: unknown-category
    return True
