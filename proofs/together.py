"""Threads that do something at once, and what came of it: nothing that goes wrong in one of them may go unnoticed."""

from __future__ import annotations

import logging
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Thread
from typing import Final

THREADS: Final = 8
PROVISIONS: Final = 60
SWITCH: Final = 1e-5  # seconds after which a thread gives way, so that they meet often
PATIENCE: Final = 30.0  # seconds after the end in which every thread and child must have come to its own
RIGHT, WRONG_ALLOW, WRONG_DENIAL, WRONG_OTHERWISE, RAISED, HUNG = (
    "right",
    "wrong allows",
    "wrong denials",
    "otherwise wrong",
    "exceptions",
    "hangs",
)
KINDS: Final = (RIGHT, WRONG_ALLOW, WRONG_DENIAL, WRONG_OTHERWISE, RAISED, HUNG)

Counts = Counter[str]
Work = Callable[[Counts], None]


@dataclass(frozen=True)
class Outcome:
    """What came of sharing one engine; `needed` must have happened for it to tell anything."""

    what: str
    counts: Counts
    needed: tuple[str, ...] = (RIGHT,)
    ended: str = field(default="", kw_only=True)

    @property
    def wrong(self) -> int:
        """How often it answered wrong, or not at all."""
        return sum(self.counts[kind] for kind in KINDS if kind != RIGHT) + bool(self.ended)

    @property
    def proven(self) -> bool:
        """Whether everything was right, and there was enough of it."""
        return not self.wrong and all(self.counts[kind] for kind in self.needed)


def prepare() -> None:
    """Let threads meet often, and forks and denials pass without a word: both are what is done here all the time."""
    sys.setswitchinterval(SWITCH)
    logging.getLogger("purposegate").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", message=".*fork", category=DeprecationWarning)


def together(works: Sequence[Work], seconds: float) -> Counts:
    """Do all at once, a thread each, and add up what they count; one that raises or does not end is counted too."""
    counts = [Counts() for _ in works]

    def run(work: Work, mine: Counts) -> None:
        try:
            work(mine)
        except Exception:  # noqa: BLE001 - whatever ends a thread, it is not to be overlooked
            traceback.print_exc()
            mine[RAISED] += 1

    threads = [Thread(target=run, args=each, daemon=True) for each in zip(works, counts, strict=True)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + seconds + PATIENCE
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return sum(counts, Counts({HUNG: sum(thread.is_alive() for thread in threads)}))
