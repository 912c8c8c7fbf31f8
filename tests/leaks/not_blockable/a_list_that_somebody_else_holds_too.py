"""Seals a list, and keeps the list."""

from leaks.world import SECRET, World

from purposegate import Sealed

REASON = "whoever made the value has another name for it, and a name needs no key"


def leak(world: World) -> object:
    emails = [SECRET]
    sealed = Sealed(emails, "email_address")
    return emails, repr(sealed)
