"""A sealed address is opened to advertise."""

from purposegate import Gate, Sealed

gate = Gate.load("policies/en-japan-video-interview.yaml")


def seal(address: str) -> Sealed[str]:
    return Sealed(address, "email_address")


def hashed_for_matching(address: str) -> int:
    sealed = seal(address)
    return hash(gate.open(sealed, "distribute_advertising"))  # finds: undeclared-purpose
