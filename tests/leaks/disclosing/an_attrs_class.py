"""Keeps people in attrs classes."""

from typing import Annotated

import attrs
from leaks.people import an_applicant
from leaks.world import SECRET, World

from purposegate import Personal


@attrs.define
class Contact:
    email: Annotated[str, Personal("email_address")]
    note: object = None


def leak(world: World) -> object:
    contacts = [(Contact(SECRET), Contact("", note=an_applicant()))]
    return world.gate.disclose(contacts, "distribute_advertising", on_denied="mark")
