"""A recipient that an enumeration still knows."""

from enum import StrEnum, auto

from purposegate import Gate


class Recipient(StrEnum):
    SERVICE_PROVIDER = auto()
    EMPLOYER_COMPANY = auto()
    AD_NETWORK = auto()


def export(gate: Gate) -> None:
    gate.check("usage_history", "distribute_advertising", Recipient.AD_NETWORK)  # finds: unknown-recipient
