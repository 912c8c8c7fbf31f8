"""A policy in YAML → its compiled form, written so that nobody ever reads half of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from purposegate.engine.judge import Engine
from purposegate.errors import PolicyError, PurposegateError
from purposegate.findings import Severity
from purposegate.policy.compiled import compiled, opened
from purposegate.policy.files import Files, complaint
from purposegate.policy.inspection import inspect
from purposegate.policy.signature import sign
from purposegate.policy.terms import SIZE_LIMIT
from purposegate.tools.placing import put


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
    if len(data) > SIZE_LIMIT:
        raise PurposegateError(
            f"the compiled policy would be larger than {SIZE_LIMIT // 1024 // 1024} MiB, and no gate would read it"
        )
    put(data, output, "the compiled policy")


def bears_signature(data: bytes, output: str | Path) -> bool:
    """Tell whether a file bears a signature, which is not verified here.

    Raises `PolicyError` where the file is not the compiled form of the same policy; by which path its source was named is left
    aside.
    """
    there, refusal = Files().read(Path(output), "the compiled policy")
    if there is None:
        raise PolicyError([refusal])
    try:
        body, signature = opened(there)
        current = _without_path(body) == _without_path(opened(data)[0])
    except ValueError:  # what is damaged is not current either
        current = False
    if not current:
        raise PolicyError([complaint("stale", "the compiled policy is not that of its source", output)])
    return signature is not None


def _without_path(body: bytes) -> dict[str, Any]:
    return {key: value for key, value in json.loads(body).items() if key != "path"}
