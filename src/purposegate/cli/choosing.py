"""Which findings a command is to tell of: those that are selected, without those that are passed over."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from purposegate.cli.judging import stop
from purposegate.findings import did_you_mean
from purposegate.policy.terms import presentable
from purposegate.tools.configuration import chosen

_SLUG: Final = re.compile(r"[a-z][a-z-]{0,60}\Z")


def looked_for(known: Iterable[str], select: Collection[str] | None, ignore: Iterable[str], what: str) -> frozenset[str]:
    """Give the slugs that are looked for; exit where one is named that is none of `what`."""
    slugs = frozenset(known)
    for name in (*(select or ()), *ignore):
        if name not in slugs:
            shown = name if _SLUG.match(name) else presentable(name)
            stop(f"there is no {what} `{shown}`", did_you_mean(name, slugs))
    return chosen(slugs, select, ignore)
