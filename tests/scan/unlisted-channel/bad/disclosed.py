"""A labelled order is disclosed by a channel that is not listed."""
# policy: tests/scan/policies/magazine.yaml

from dataclasses import dataclass
from typing import Annotated, Any

from purposegate import Gate, Personal

gate = Gate.load("tests/scan/policies/magazine.yaml")


@dataclass
class Parcel:
    id: str
    address: Annotated[str, Personal("postal_address")]


def fax(parcel: Parcel) -> Any:
    return gate.disclose(parcel, "deliver_magazine", "delivery_company/blue", channel="fax")  # finds: unlisted-channel
