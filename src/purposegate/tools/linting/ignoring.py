"""Pages of what is said of the comments in a policy that suppress a finding."""

from __future__ import annotations

from purposegate.findings import Severity
from purposegate.tools.linting.registry import page


@page(Severity.WARNING, can_be_ignored=False)
def unexplained_ignore() -> None:
    """Flag a comment that suppresses a finding without a reason.

    Why: whoever reads the policy next cannot tell whether the finding was weighed or only silenced.

    Avoid:
        purposes:
          shipping: {}
          raffle: {}  # purposegate: ignore[idle-purpose]
    Prefer:
        purposes:
          shipping: {}
          raffle: {}  # purposegate: ignore[idle-purpose] launches in May
    """


@page(Severity.WARNING, can_be_ignored=False)
def unknown_ignore() -> None:
    """Flag a comment meant to suppress a finding that names no rule, or one that cannot be suppressed.

    Why: it suppresses nothing, and its author believes it does. What the reader calls an error cannot be suppressed at all.

    Avoid:
        purposes:
          shipping: {}  # purposegate: ignore[idle-porpoise] launches in May
    Prefer:
        purposes:
          shipping: {}
          raffle: {}  # purposegate: ignore[idle-purpose] launches in May
    """


@page(Severity.WARNING, fixed=True, can_be_ignored=False)
def idle_ignore() -> None:
    """Flag a comment that suppresses nothing.

    Why: what it excused was mended, and it would go on to excuse whatever comes next.

    Avoid:
        purposes:
          shipping: {}  # purposegate: ignore[idle-purpose] launches in May
    Prefer:
        purposes:
          shipping: {}
    """
