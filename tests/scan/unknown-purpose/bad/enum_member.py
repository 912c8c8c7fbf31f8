"""One member of the enumeration fell behind the policy."""

from enum import Enum

from purposegate import Gate


class Purpose(str, Enum):
    MAIL = "send_service_email"
    SUPPORT = "answer_inquiries"


def answer(gate: Gate, *, newsletter: bool) -> None:
    if newsletter:
        gate.check("email_address", Purpose.MAIL)
    gate.check("inquiry", Purpose.SUPPORT)  # finds: unknown-purpose
