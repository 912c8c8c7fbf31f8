"""A use over several lines is excused on its first one, and a decorator on its own."""

from purposegate import From, Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


@gate.guard("name", purpose="distribute_advertising", subject=From("visitor_id"))  # purposegate: ignore[undeclared-purpose] a smoke test
def banner(visitor_id: str) -> str:
    gate.check(  # purposegate: ignore[unlisted-recipient] so is this
        "usage_history",
        "distribute_advertising",
        "third_party/ad-network",
    )
    return visitor_id
