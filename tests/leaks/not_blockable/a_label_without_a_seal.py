"""Prints a person whose address is labelled, and not sealed."""

from leaks.people import an_applicant
from leaks.world import World

REASON = "a label on a plain `str` is read by `disclose` and by guards, and the value stays a `str`; seal the field"


def leak(world: World) -> None:
    print(an_applicant())
