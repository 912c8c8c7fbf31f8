"""Tests for `None` between the check and the read change nothing."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Attendee:
    email: Annotated[str, Personal("email_address")]


@dataclass
class Booking:
    id: str
    attendee: Attendee | None = None


def calendar_entry(booking: Booking | None) -> str:
    gate.check("email_address", "send_service_email")
    if booking is None or booking.attendee is None:
        return ""
    return f"ATTENDEE:mailto:{booking.attendee.email}"
