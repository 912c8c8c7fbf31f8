"""The guard fixes the channel that is not listed."""

from purposegate import Gate

gate = Gate.load("tests/scan/policies/magazine.yaml")


@gate.guard("postal_address", purpose="deliver_magazine", recipient="delivery_company", channel="fax")  # finds: unlisted-channel
def labels(day: str) -> str:
    return f"labels of {day}"
