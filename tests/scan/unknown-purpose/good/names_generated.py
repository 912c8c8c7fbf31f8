"""The names come from a generated module, of which this is a part."""

from typing import Final

from purposegate import Gate


class DataCategory:
    """Kinds of personal data."""

    EMAIL_ADDRESS: Final = "email_address"
    """Clause 4(1)C: “email address”"""


class Purpose:
    """Why data are used."""

    SEND_SERVICE_EMAIL: Final = "send_service_email"
    """Clause 3(2): “To send email”"""


class Recipient:
    """Who gets the data."""

    SERVICE_PROVIDER: Final = "service_provider"
    """Clause 5: “service providers”"""
    DATA_SUBJECT: Final = "data_subject"
    """Clause 4(2): “the owner of the personal information”"""


def remind(gate: Gate, candidate_id: str) -> None:
    gate.check(DataCategory.EMAIL_ADDRESS, Purpose.SEND_SERVICE_EMAIL, Recipient.DATA_SUBJECT, subject=candidate_id)
