"""The key of a row bears a purpose as its label."""

from typing import Annotated, TypedDict

from purposegate import Personal


class MailRow(TypedDict):
    id: int
    email: Annotated[str, Personal("send_service_email")]  # finds: unknown-category
