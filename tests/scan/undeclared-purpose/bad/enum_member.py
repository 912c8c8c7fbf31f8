"""The names are members of a `StrEnum`."""

from enum import StrEnum

from purposegate import Gate


class Why(StrEnum):
    ADS = "distribute_advertising"
    MAIL = "send_service_email"


class What(StrEnum):
    ADDRESS = "email_address"


def targeted(gate: Gate, *, by_mail: bool) -> None:
    if by_mail:
        gate.check(What.ADDRESS, Why.MAIL)
    else:
        gate.check(What.ADDRESS, Why.ADS.value)  # finds: undeclared-purpose
