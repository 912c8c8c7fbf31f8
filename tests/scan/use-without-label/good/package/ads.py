"""Uses of them."""

from purposegate import Gate

from .rows import Hit

gate = Gate.load("policies/en-japan-video-interview.yaml")


@gate.guard("terminal_information", "usage_history", purpose="distribute_advertising")
def campaign(hit: Hit) -> str:
    return "phones" if "Mobile" in hit["device"] and hit["pages"] else "all"
