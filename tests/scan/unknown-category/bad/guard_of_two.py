"""One of the guard's two categories is unknown."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


@gate.guard("name", "phone_number", purpose="respond_to_inquiries")  # finds: unknown-category
def call_back(candidate_id: str) -> str:
    return f"tel:{candidate_id}"
