"""Decorates every function to log what it was called with and what it gave."""

import functools
import logging
from collections.abc import Callable
from typing import Any

from leaks.people import a_candidate, an_email
from leaks.world import World


def logged(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        logging.getLogger("calls").debug("%s(%r, %r) -> %r", function.__name__, args, kwargs, function(*args, **kwargs))

    return wrapper


def leak(world: World) -> object:
    return logged(lambda address, candidate: [address])(an_email(), candidate=a_candidate())
