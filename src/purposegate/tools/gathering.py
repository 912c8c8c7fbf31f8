"""Which policy files are meant by files, folders and patterns."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from purposegate.findings import Finding
from purposegate.policy.files import complaint

# As in a folder of revisions: not the cases that stand beside a policy. What is compiled is looked at in its source.
_POLICY: Final = re.compile(r"(?!.*\.test\.ya?ml\Z)[^.].*\.ya?ml\Z", re.IGNORECASE)


def gathered(arguments: Iterable[str]) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Give the files that are meant, each once and in the order of the arguments, and complain of each that means none.

    A folder means the YAML files in it, and not those deeper down; a pattern with `*`, `?` or `[` that is the name of nothing means
    what it matches, with `**` for folders of any depth. Whatever else is named is given as it is, also where there is no such file.
    """
    paths: dict[Path, str] = {}
    findings: list[Finding] = []
    for argument in arguments:
        found = list(_meant(argument))
        for path in found:
            paths.setdefault(_key(path), path)
        if not found:
            findings.append(complaint("no-policy", "nothing here is a policy file", argument))
    return tuple(paths.values()), tuple(findings)


def _meant(argument: str) -> Iterator[str]:
    try:
        folder, there = Path(argument).is_dir(), Path(argument).exists()
    except ValueError:
        folder, there = False, True  # no path at all, which reading it will say
    if folder:
        yield from _in(argument)
    elif not there and glob.has_magic(argument):
        for match in sorted(glob.glob(argument, recursive=True)):  # noqa: PTH207 - a pattern may be absolute, which `Path.glob` refuses
            if not Path(match).is_dir():
                yield match
    else:
        yield argument


def _in(folder: str) -> Iterator[str]:
    try:
        names = sorted(each.name for each in Path(folder).iterdir() if _POLICY.match(each.name) and not each.is_dir())
    except OSError:
        return
    for name in names:
        yield str(Path(folder) / name)


def _key(path: str) -> Path:
    try:
        return Path(path).resolve()
    except (OSError, ValueError):
        return Path(path)
