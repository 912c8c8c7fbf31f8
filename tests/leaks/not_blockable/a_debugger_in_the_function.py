"""Traces the service with a profiler that records the variables of every function, the one inside `map` too."""

import sys
from types import FrameType

from leaks.people import an_email
from leaks.world import World

REASON = "a tracer sees the variables of every frame, and the function inside `map` has the value in one"


def leak(world: World) -> object:
    seen: list[str] = []

    def profile(frame: FrameType, event: str, argument: object) -> None:
        if frame.f_code.co_name == "domain":
            seen.append(repr(frame.f_locals))

    def domain(email: str) -> str:
        return email.partition("@")[2]

    sys.setprofile(profile)
    try:
        an_email().map(domain)
    finally:
        sys.setprofile(None)
    return seen
