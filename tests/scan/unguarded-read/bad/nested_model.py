"""The labelled field lies two attributes deep."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Attendee:
    email: Annotated[str, Personal("email_address")]


@dataclass
class Booking:
    id: str
    attendee: Attendee


def calendar_entry(booking: Booking) -> str:
    return f"ATTENDEE:mailto:{booking.attendee.email}"  # finds: unguarded-read
