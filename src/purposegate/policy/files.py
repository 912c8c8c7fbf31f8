"""Files read at once and whole, or a finding that says why not."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from purposegate.findings import Finding, Location, Severity
from purposegate.policy.terms import SIZE_LIMIT

# What is read of a folder of revisions: not the cases that stand beside a policy, and not a schema.
_REVISION: Final = re.compile(r"(?!.*\.(test\.ya?ml|schema\.json)\Z)[^.].*\.(ya?ml|json)\Z", re.IGNORECASE)
_COMPILED: Final = b'{"purposegate_compiled":'


class Files:
    """Reads files, and keeps by absolute path the SHA-256 of what each held; None for one that could not be read."""

    def __init__(self) -> None:
        """Begin with none."""
        self.digests: dict[Path, str | None] = {}

    def read(self, path: Path, what: str) -> tuple[bytes | None, Finding]:
        """Read a file, and no more of it than a policy may have; where that fails, the finding says why."""
        kept = path.absolute()  # whatever the working directory is when somebody looks again
        self.digests[kept] = None
        refusal = complaint("unreadable", f"{what} cannot be read", path)
        try:
            if path.exists() and not path.is_file():
                return None, replace(refusal, help="it is a folder or a device; name a file")
            with path.open("rb") as file:
                data = file.read(SIZE_LIMIT + 1)
        except OSError as error:
            return None, replace(refusal, help=(error.strerror or "the file cannot be opened").lower())
        except ValueError:
            return None, replace(refusal, help="the path is not one")
        self.digests[kept] = hashlib.sha256(data).hexdigest()
        return data, refusal

    def revisions(self, folder: Path) -> tuple[tuple[str, ...], Finding]:
        """Give the names of the revisions of a policy in a folder, in order, and keep the SHA-256 of the names by its path."""
        kept = folder.absolute()
        self.digests[kept] = None
        refusal = complaint("no-policy", "the folder holds no policy", folder)
        try:
            names = sorted(each.name for each in folder.iterdir() if _REVISION.match(each.name) and not each.is_dir())
        except OSError as error:
            return (), replace(refusal, help=(error.strerror or "the folder cannot be read").lower())
        self.digests[kept] = hashlib.sha256("\0".join(names).encode(errors="surrogateescape")).hexdigest()
        return tuple(names), refusal

    def look(self, path: Path) -> None:
        """Keep what a file holds, or which revisions stand in a folder."""
        if path.is_dir():
            self.revisions(path)
        else:
            self.read(path, "the file")


def complaint(slug: str, message: str, path: str | Path) -> Finding:
    """Complain of a file as a whole."""
    return Finding(slug, Severity.ERROR, message, Location(str(path), 1, 1))


def is_compiled(data: bytes) -> bool:
    """Tell whether a file's bytes are meant to be a compiled policy, without what it takes to read one."""
    return data.startswith(_COMPILED)
