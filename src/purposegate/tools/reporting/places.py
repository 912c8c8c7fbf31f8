"""Where a file is, told from the root of the repository, so that a report says the same on every machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final
from urllib.parse import quote

# What SARIF and those who read it call the root of the repository.
ROOT_ID: Final = "%SRCROOT%"


@dataclass(frozen=True, slots=True)
class Base:
    """The root of the repository, and the folder that relative paths are told from; both absolute."""

    root: PurePath
    here: PurePath

    @classmethod
    def of(cls, here: Path) -> Base:
        """Take the nearest folder upwards that holds a `.git`, or the folder itself."""
        folder = here.absolute()
        return cls(next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder), folder)

    def within(self, path: str) -> str | None:
        """Give a path from the root, with slashes; None where the file lies elsewhere."""
        absolute = self._absolute(path)
        return absolute.relative_to(self.root).as_posix() if absolute.is_relative_to(self.root) else None

    def shown(self, path: str) -> str:
        """Give a path from the root where the file lies under it, and otherwise as an absolute one, with slashes."""
        within = self.within(path)
        return self._absolute(path).as_posix() if within is None else within

    def uri(self, path: str) -> tuple[str, str | None]:
        """Give the URI of a file, and what it is relative to: the root, or None where it is absolute."""
        within = self.within(path)
        if within is not None:
            return _quoted(within), ROOT_ID
        absolute = self._absolute(path)
        if absolute.drive.startswith("\\\\"):
            return f"file:{_quoted(absolute.as_posix())}", None  # a share: its host follows the two slashes
        drive, rest = absolute.drive, absolute.as_posix().removeprefix(absolute.drive)
        return f"file://{f'/{drive}' if drive else ''}{_quoted(rest)}", None

    def _absolute(self, path: str) -> PurePath:
        joined = self.here / type(self.here)(path)
        parts: list[str] = []
        for part in joined.parts[1:]:
            if part != "..":
                parts.append(part)
            elif parts:
                parts.pop()
        return type(self.here)(joined.anchor, *parts)


def _quoted(path: str) -> str:
    try:
        data = path.encode("utf-8", "surrogateescape")  # the bytes of a name that is not UTF-8
    except UnicodeEncodeError:
        data = path.encode("utf-8", "surrogatepass")
    return quote(data, safe="/")
