"""Which policy judges what: that of each gate where its path could be told, else the project's."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from purposegate.engine.judge import Engine
from purposegate.engine.use import Context, Standing
from purposegate.errors import PolicyError
from purposegate.policy.files import Files
from purposegate.policy.loader import load
from purposegate.tools.scanning.sighting import Judge

# Code is looked at as on a day when the policy is in force, so that one may be published before its day.
_IN_FORCE: Final = datetime.max.replace(tzinfo=UTC)


class Policies:
    """The project's policy and those that gates in its code name, each read once."""

    def __init__(self, project: Engine, paths: Iterable[str | None] = (), folder: str | Path = "") -> None:
        """Read the policies of these paths; one that cannot be used is among `unread`, and the project's judges in its place.

        `folder` is where the code is meant to run, if not here.
        """
        self.project = project
        self.unread: dict[str, str] = {}
        self._engines: dict[str, Engine] = {}
        own = _whole(project.policy.path)
        for path in dict.fromkeys(path for path in paths if path is not None):
            if _whole(newest(folder / Path(path))) == own:
                self._engines[path] = project
                continue
            try:
                self._engines[path] = Engine(load(newest(folder / Path(path))))
            except PolicyError:
                self.unread[path] = "the policy of this gate cannot be used, so that the project's judges it"

    def engine_of(self, judge: Judge) -> Engine:
        """Give the judge of a gate."""
        return self._engines.get(judge.policy or "", self.project)

    def context(self, judge: Judge, assume: frozenset[str] = frozenset()) -> Context:
        """Give what is taken for known of a use: conditions that are assumed, and with a ledger a registered recipient."""
        standing = Standing.CONSULTED if judge.ledger else Standing.NOT_CONSULTED
        shown = assume & frozenset(self.engine_of(judge).policy.conditions)
        return Context(_IN_FORCE, shown, standing=standing, registered=judge.ledger)

    def all(self) -> tuple[Engine, ...]:
        """Give all judges, each once."""
        return tuple({id(engine): engine for engine in (self.project, *self._engines.values())}.values())


def newest(path: str | Path) -> str:
    """Give the newest revision, where a path is a folder of them: what is written now is meant to go by that."""
    if not os.path.isdir(path):  # noqa: PTH112 - a path that is none is no folder, and no error
        return str(path)
    names, _ = Files().revisions(Path(path))
    return str(Path(path) / names[-1]) if names else str(path)


def _whole(path: str | Path) -> str:
    try:
        return str(Path(path).resolve())
    except (OSError, ValueError):
        return str(path)
