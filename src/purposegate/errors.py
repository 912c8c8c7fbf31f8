"""Everything that purposegate raises.

PurposegateError
├── PolicyError        a policy cannot be used; `.findings` says why, all at once
├── DeclarationError   a guard, a label or an ambient purpose is declared wrongly; `.findings` says where
├── PurposeViolation   a use was blocked; `.decision` says by which clause (in `purposegate.gate`)
├── LedgerError        the ledger gave no answer, so nothing was released
└── TrailError         the decision could not be recorded, so nothing was released

None of them is an `OSError`, a `PermissionError`, an `AttributeError` or a `LookupError`: code that catches those, or calls
`hasattr`, for reasons of its own must not swallow a denial.
"""

from __future__ import annotations

from collections.abc import Iterable

from purposegate.findings import Finding


class PurposegateError(Exception):
    """Anything that purposegate refuses."""


class _FoundError(PurposegateError):
    """Something that is wrong, with every reason found."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Keep the findings; there is at least one."""
        self.findings = tuple(findings)
        super().__init__(self.findings)

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)


class PolicyError(_FoundError):
    """A policy that cannot be used, with every reason found."""


class DeclarationError(_FoundError):
    """What the code declares about personal data cannot be: a name that the policy does not know, or a purpose that widens."""


class LedgerError(PurposegateError):
    """The ledger gave no answer that can be used: no answer is not an answer."""


class TrailError(PurposegateError):
    """A decision could not be recorded, so nothing was released."""
