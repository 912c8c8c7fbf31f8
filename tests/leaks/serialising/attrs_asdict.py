"""Turns an attrs object into a dictionary."""

from typing import Annotated

import attrs
from leaks.people import an_email
from leaks.world import World

from purposegate import Personal, Sealed


@attrs.frozen
class Contact:
    email: Annotated[Sealed[str], Personal("email_address")]


def leak(world: World) -> object:
    return attrs.asdict(Contact(an_email())), attrs.astuple(Contact(an_email())), repr(Contact(an_email()))
