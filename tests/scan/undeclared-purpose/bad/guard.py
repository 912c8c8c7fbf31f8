"""The guard asks for a use that can never be."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


@gate.guard("usage_history", "name", purpose="distribute_advertising")  # finds: undeclared-purpose
def personalised_banner(candidate_id: str) -> str:
    return f"/banners/{candidate_id}.html"
