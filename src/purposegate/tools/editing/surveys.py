"""The scan of a project's code, with what stands in the editor and was not saved yet."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from purposegate.engine.judge import Engine
from purposegate.findings import Finding
from purposegate.tools.scanning.judging import judged
from purposegate.tools.scanning.looking import look
from purposegate.tools.scanning.policies import Policies
from purposegate.tools.scanning.sighting import Sight

# What is nobody's own code, besides hidden folders and environments.
_SKIPPED: Final = frozenset({"__pycache__", "node_modules", "site-packages"})


@dataclass(frozen=True, slots=True)
class Survey:
    """What a scan saw and found; `texts` are those of the editor that it was made of, by their paths."""

    sight: Sight = field(default_factory=Sight)
    findings: tuple[Finding, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

    def sight_of(self, path: str, text: str) -> Sight | None:
        """Give what was seen, where a file still is what was looked at."""
        return self.sight if self.texts.get(path) == text else None


def surveyed(root: Path, engine: Engine, texts: Mapping[str, str]) -> Survey:
    """Scan the code under a folder, and put what it does to the judge; `texts` stand for files as they are in the editor."""
    files = dict.fromkeys((*_code(root), *(path for path in texts if Path(path).is_relative_to(root))))
    sight = look(tuple(files), texts={path: _with_plain_ends(text) for path, text in texts.items()})
    policies = Policies(engine, (judge.policy for judge, _ in sight.gates), root)
    return Survey(sight, (*sight.findings, *judged(sight, policies)), texts)


def _code(root: Path) -> Iterator[str]:
    for folder, below, names in os.walk(root):
        below[:] = sorted(name for name in below if not name.startswith(".") and name not in _SKIPPED)
        if "pyvenv.cfg" in names:
            below.clear()
            continue
        yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(".py"))  # noqa: PTH118 - text, as texts' keys are


def _with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
