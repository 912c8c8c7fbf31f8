"""A policy as it stands in a file, or as it stood in a revision that git keeps."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from purposegate.findings import Finding
from purposegate.policy.files import Files, complaint
from purposegate.policy.loader import load
from purposegate.policy.policy import Policy
from purposegate.policy.terms import SIZE_LIMIT

# Git asks nobody and fetches nothing: a blob that a partial clone left out is not there.
_ALONE: Final = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


@dataclass(frozen=True, slots=True)
class Version:
    """A policy under the name that it was asked for, with the SHA-256 of its prose; None where it came compiled, without prose."""

    name: str
    policy: Policy
    prose_digest: str | None


def version(name: str) -> Version:
    """Read a policy from a file, or from `REV:path` as git writes it, with the prose of that revision.

    Raise `PolicyError` with everything that is wrong with either, also where git or the revision is not there.
    """
    revision, colon, path = name.partition(":")
    files = _OfRevision(name, revision, path) if colon and revision and path and not Path(name).exists() else Files()
    policy = load(name, files=files)
    digests = [digest for each, digest in files.digests.items() if each != Path(name).absolute()]
    return Version(name, policy, digests[0] if digests else None)


def stands_at(name: str) -> Path:
    """Tell at which path the file of a version stands, or would in the working tree for one of a revision."""
    revision, colon, path = name.partition(":")
    if not (colon and revision and path) or Path(name).exists():
        return Path(name).resolve()
    top = None if path.startswith("./") else _git("rev-parse", "--show-toplevel")
    return Path("" if top is None else os.fsdecode(top.rstrip(b"\n")), path).resolve()


class _OfRevision(Files):
    """Reads what git keeps of a revision: the policy, and what stands beside it."""

    def __init__(self, name: str, revision: str, path: str) -> None:
        super().__init__()
        self._name, self._revision, self._path = name, revision, PurePosixPath(path)
        self._begins_here = path.startswith("./")
        self._looked = False

    def read(self, path: Path, what: str) -> tuple[bytes | None, Finding]:
        asked = str(path) == str(Path(self._name))
        beside = self._path if asked else self._path.with_name(path.name)
        shown = self._name if asked else f"{self._revision}:{beside}"
        refusal = complaint("unreadable", f"{what} cannot be read", shown)
        kept = path.absolute()
        self.digests[kept] = None
        if not asked and beside == self._path:
            return None, replace(refusal, message="the prose is the published text, not the policy itself")
        help_ = self._missing()
        if help_ is not None:
            return None, replace(refusal, help=help_)
        data = _git("cat-file", "blob", f"{self._revision}:{'./' if self._begins_here else ''}{beside}")
        if data is None:
            help_ = "git has no such file in that revision; its path begins at the top of the repository, or with `./` here"
            return None, replace(refusal, help=help_)
        self.digests[kept] = hashlib.sha256(data).hexdigest()
        return data, refusal

    def _missing(self) -> str | None:
        """Tell what is missing before any file can be: git, a repository, the revision."""
        if self._looked:
            return None
        if _git("rev-parse", "--git-dir") is None:
            return "git is not there, or this is none of its repositories"
        if self._revision.startswith("-") or _git("rev-parse", "--verify", "--quiet", f"{self._revision}^{{commit}}") is None:
            return "git knows no such revision; a shallow clone holds only the last ones"
        self._looked = True
        return None


def _git(*arguments: str) -> bytes | None:
    """Give what git prints, and no more of it than a policy may have; None where it refuses or is not there."""
    command: Sequence[str] = ("git", "--no-replace-objects", *arguments)
    try:
        # Arguments are passed one by one, and a revision that looks like an option was refused before.
        with subprocess.Popen(  # noqa: S603 - as above
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | _ALONE,
        ) as process:
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            data = process.stdout.read(SIZE_LIMIT + 1)
            if too_large := len(data) > SIZE_LIMIT:
                process.kill()
    except (OSError, ValueError):  # no git, or a name that no program can be passed
        return None
    return data if too_large or process.returncode == 0 else None
