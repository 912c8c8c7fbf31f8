"""What may wait for a store runs in a thread, so that an event loop goes on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")


async def elsewhere(call: Callable[[], _T]) -> _T:
    """Call a function in a thread, in the context of the caller; what it raises is raised without the frames that it ran in.

    Where the caller is cancelled it runs to its end: what it records is recorded, and nothing is released.
    """
    result, refused = await asyncio.to_thread(_caught, call)
    # INVARIANT: raised from a frame without data: a traceback may be shown with the locals of its frames.
    del call
    if refused is None:
        return result  # type: ignore[return-value]  # what was called gave it
    del result
    raise refused


def _caught(call: Callable[[], _T]) -> tuple[_T | None, Exception | None]:
    try:
        return call(), None
    except Exception as error:  # noqa: BLE001 - raised again by whoever waits for it
        return None, error.with_traceback(None)
