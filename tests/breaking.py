"""What breaks under a store, made to happen; and what is looked at then."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from purposegate import PurposegateError


def soon(attempt: Callable[[], object], within: float = 20.0) -> None:
    """Try until it goes well: what was lost recovers by itself."""
    until = time.monotonic() + within
    while True:
        try:
            attempt()
        except PurposegateError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


@contextmanager
def a_small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a folder on a disk of one megabyte."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root mounts a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        [shutil.which("mount") or "", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder],
        check=False,
        capture_output=True,
        timeout=120,
    )
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run([shutil.which("umount") or "", "-l", folder], check=True, timeout=120)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Have another process hold a SQLite file as its writer, and be killed at the end."""
    connected = f"c = sqlite3.connect({str(path)!r}, isolation_level=None)"
    program = f"import sqlite3, sys; {connected}; c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        try:
            yield
        finally:
            other.kill()


def told_of(error: BaseException) -> str:
    """Give all that a log would show of an error: its text, what it is chained to, and the variables of its frames."""
    shown = "".join(traceback.TracebackException.from_exception(error).format())
    return shown + repr(error) + repr(error.__cause__) + repr(error.__context__)
