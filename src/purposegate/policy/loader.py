"""A policy file on disk → `Policy`, written in YAML or compiled: what a service loads at its start and again when it changes.

Reading YAML needs pydantic and PyYAML, a tenth of a second to import; a compiled policy needs neither.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from purposegate.errors import PolicyError
from purposegate.findings import Finding, Severity
from purposegate.policy.collecting import uncollected
from purposegate.policy.files import Files, complaint, is_compiled
from purposegate.policy.policy import Policy


def load(path: str | Path, *, signed_by: str | Path | None = None, files: Files | None = None) -> Policy:
    """Read a policy, with its prose where it is YAML, or raise a `PolicyError` with every finding that is an error.

    `signed_by` is a file of Ed25519 public keys in PEM: nothing but a compiled policy signed by one of them is read then. Raises
    `PurposegateError` where those keys cannot be used. `files` keeps which files were read.
    """
    files = Files() if files is None else files
    data, refusal = files.read(Path(path), "the policy")
    if data is None:
        raise PolicyError([refusal])
    if is_compiled(data):
        return _compiled(data, path, signed_by, files)
    if signed_by is not None:
        raise PolicyError([complaint("unsigned", "a policy in YAML bears no signature, and the gate demands one", path)])
    from purposegate.policy.inspection import inspect_bytes  # noqa: PLC0415 - it needs pydantic and PyYAML, as said above

    with uncollected():  # until what was read is gone, and the policy alone is left
        loaded = inspect_bytes(data, path, files)
        policy, findings = loaded.policy, loaded.findings
        del loaded
    if policy is None:
        raise PolicyError(finding for finding in findings if finding.severity is Severity.ERROR)
    return policy


def load_revisions(path: str | Path, *, signed_by: str | Path | None = None, files: Files | None = None) -> tuple[Policy, ...]:
    """Read a policy, or every revision of one that stands in a folder; raise as `load` does, with the findings of all of them."""
    files = Files() if files is None else files
    if not Path(path).is_dir():
        return (load(path, signed_by=signed_by, files=files),)
    names, refusal = files.revisions(Path(path))
    if not names:
        raise PolicyError([refusal])
    policies: list[Policy] = []
    findings: list[Finding] = []
    for name in names:
        try:
            policies.append(load(Path(path) / name, signed_by=signed_by, files=files))
        except PolicyError as error:
            findings += error.findings
    if findings:
        raise PolicyError(findings)
    return tuple(policies)


def _compiled(data: bytes, path: str | Path, signed_by: str | Path | None, files: Files) -> Policy:
    from purposegate.policy.compiled import Damaged, opened, policy_of  # noqa: PLC0415 - each of the two forms pays only for itself

    try:
        body, signature = opened(data)
        if signed_by is not None:
            _demand(body, signature, path, signed_by, files)
        return policy_of(body)
    except Damaged as error:
        refusal = complaint("damaged", f"the compiled policy cannot be used: {error}", path)
    raise PolicyError([replace(refusal, help="compile it again from its source, with `purposegate compile`")])


def _demand(body: bytes, signature: str | None, path: str | Path, signed_by: str | Path, files: Files) -> None:
    if signature is None:
        raise PolicyError([complaint("unsigned", "the compiled policy bears no signature, and the gate demands one", path)])
    keys, unreadable = files.read(Path(signed_by), "the file of keys that a policy must be signed by")
    if keys is None:
        raise PolicyError([unreadable])
    from purposegate.policy.signature import is_signed  # noqa: PLC0415 - as above

    if not is_signed(body, signature, keys):
        raise PolicyError(
            [complaint("wrong-signature", "the compiled policy is signed by none of the keys that the gate trusts", path)]
        )
