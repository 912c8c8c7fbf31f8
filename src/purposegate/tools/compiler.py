"""A policy in YAML → its compiled form, written so that nobody ever reads half of it."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from purposegate.engine.judge import Engine
from purposegate.errors import PolicyError, PurposegateError
from purposegate.findings import Severity
from purposegate.policy.compiled import Damaged, compiled, opened
from purposegate.policy.files import Files, complaint
from purposegate.policy.inspection import inspect
from purposegate.policy.signature import sign


def compile_policy(path: str | Path, key: str | Path | None = None) -> tuple[Engine, bytes]:
    """Read a policy and its prose, test it, and give its judge and its compiled form, signed where a private key is named.

    Raises `PolicyError` where a file cannot be used, `PurposegateError` where the key cannot.
    """
    loaded = inspect(path)
    if loaded.policy is None:
        raise PolicyError(finding for finding in loaded.findings if finding.severity is Severity.ERROR)
    engine = Engine(loaded.policy)
    if key is None:
        return engine, compiled(loaded.policy)
    private_key, refusal = Files().read(Path(key), "the signing key")
    if private_key is None:
        raise PolicyError([refusal])
    return engine, compiled(loaded.policy, lambda body: sign(body, private_key))


def write(data: bytes, output: str | Path) -> None:
    """Put a file in its place at once, or raise `PurposegateError` and leave what was there."""
    target = Path(output)
    try:
        with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).chmod(0o644)
                Path(file.name).replace(target)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        reason = (error.strerror or "the file cannot be written").lower()
        raise PurposegateError(f"the compiled policy was not written: {reason}") from None


def is_signed(data: bytes, output: str | Path) -> bool:
    """Tell whether a file bears a signature; raise `PolicyError` where it is not the compiled form of the same policy."""
    there, refusal = Files().read(Path(output), "the compiled policy")
    if there is None:
        raise PolicyError([refusal])
    try:
        body, signature = opened(there)
    except Damaged:
        body, signature = b"", None  # what is damaged is not current either
    if body != opened(data)[0]:
        raise PolicyError([complaint("stale", "the compiled policy is not that of its source", output)])
    return signature is not None
