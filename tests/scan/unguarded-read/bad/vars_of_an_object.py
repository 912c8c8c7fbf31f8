"""`vars` hands out the whole object."""

from dataclasses import dataclass
from typing import Annotated

from jinja2 import Template

from purposegate import Personal


@dataclass
class Recipient:
    id: str
    name: Annotated[str, Personal("name")]


def rendered(template: Template, recipient: Recipient) -> str:
    return template.render(**vars(recipient))  # finds: unguarded-read
