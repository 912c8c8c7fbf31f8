"""Figures of the table, and how they are taken: all subjects in turn, so that a noisy neighbour disturbs all alike."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure of the table: what was measured, against what, the ratio and the bar."""

    what: str
    against: str
    figure: str
    ratio: float
    bar: float

    @property
    def met(self) -> bool:
        """Whether the ratio is within the bar."""
        return self.ratio <= self.bar


def interleaved(subjects: Sequence[Callable[[], float]], rounds: int) -> dict[Callable[[], float], float]:
    """Run each subject once a round; give the median of each, the first round left out."""
    taken: dict[Callable[[], float], list[float]] = {subject: [] for subject in subjects}
    for number in range(rounds + 1):
        for subject in subjects:
            spent = subject()
            if number:
                taken[subject].append(spent)
    return {subject: statistics.median(times) for subject, times in taken.items()}


def where_bytecode_is_kept(folder: str) -> dict[str, str]:
    """Give the environment of a process that is timed, with its bytecode in a folder.

    A source tree has no bytecode where the environment forbids writing it, while installed packages always do: the one would
    be compiled at each start and the other not.
    """
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return environment | {"PYTHONPYCACHEPREFIX": folder}
