"""Files, machines and templates have names and addresses too."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class MailTemplate:
    template_name: str
    file_name: str
    hostname: str
    email_enabled: bool
    emails_sent: int = 0


@dataclass
class Delivery:
    id: str
    email: Annotated[str, Personal("email_address")]
    template: MailTemplate | None = None
