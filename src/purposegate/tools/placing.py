"""Puts a file in its place so that nobody ever reads half of it."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from purposegate.errors import PurposegateError


def put(data: bytes, output: str | Path, what: str, *, mode: int = 0o644) -> None:
    """Put a file in its place at once, or raise `PurposegateError` and leave what was there; `what` is how people call it."""
    target = Path(output)
    try:
        with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).chmod(mode)
                Path(file.name).replace(target)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        reason = (error.strerror or "the file cannot be written").lower()
        raise PurposegateError(f"{what} was not written: {reason}") from None
