"""`*args` goes to a function of our own; the gate is asked by name."""

import time
from collections.abc import Callable
from typing import Any

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def timed(function: Callable[..., Any], *args: Any, **kwargs: Any) -> float:
    gate.check("usage_history", "monitor_usage")
    begun = time.perf_counter()
    function(*args, **kwargs)
    return time.perf_counter() - begun
