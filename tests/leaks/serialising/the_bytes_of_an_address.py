"""Encodes the address to compute a checksum, and keeps the bytes."""

import base64

from leaks.people import an_email
from leaks.world import World


def leak(world: World) -> object:
    return base64.b64encode(str(an_email()).encode()), f"{an_email()}".encode().hex()
