"""Takes objects apart with what `copyreg` and `object` offer for it."""

import copyreg
from collections.abc import Callable
from typing import Any

from leaks.people import an_email
from leaks.world import World


def leak(world: World) -> object:
    apart: list[object] = []
    ways: tuple[Callable[[Any], object], ...] = (
        lambda email: object.__reduce_ex__(email, 4),
        object.__reduce__,
        lambda email: copyreg.__reduce_ex__(email, 1),  # type: ignore[call-arg]  # it takes a protocol
        object.__getstate__,
        lambda email: email.__reduce_ex__(4),
        lambda email: [getattr(email, name, None) for name in dir(email)],
    )
    for way in ways:
        try:
            apart.append(way(an_email()))
        except (TypeError, AttributeError) as error:
            apart.append(error)
    return apart
