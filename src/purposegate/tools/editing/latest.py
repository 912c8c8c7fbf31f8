"""Work that is asked for at each stroke of a key, and done once the hand rests: the newest of each kind wins."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import TypeVar

_T = TypeVar("_T")


class Latest:
    """Has work done beside the loop; what newer work of its kind has overtaken is cancelled, and never told of."""

    def __init__(self, seconds: float, failed: Callable[[str, Exception], None]) -> None:
        """Wait so long for newer work before any is begun; tell `failed` what work went wrong, and how."""
        self._seconds = seconds
        self._failed = failed
        self._asked: dict[Hashable, asyncio.Task[None]] = {}

    def ask(
        self, what: str, of: Hashable, work: Callable[[], Awaitable[_T]], told: Callable[[_T], None], *, at_once: bool = False
    ) -> None:
        """Have work done, and its result told, in the loop that runs now."""
        waiting = self._asked.pop(of, None)
        if waiting is not None:
            waiting.cancel()
        self._asked[of] = asyncio.get_running_loop().create_task(self._done(what, of, work, told, at_once=at_once))

    async def _done(
        self, what: str, of: Hashable, work: Callable[[], Awaitable[_T]], told: Callable[[_T], None], *, at_once: bool
    ) -> None:
        await asyncio.sleep(0 if at_once else self._seconds)
        try:
            told(await work())
        except Exception as error:  # noqa: BLE001 - whatever goes wrong with one text, the next one is looked at
            self._failed(what, error)
        if self._asked.get(of) is asyncio.current_task():
            del self._asked[of]
