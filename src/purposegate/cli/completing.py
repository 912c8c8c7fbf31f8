"""What a shell offers at the Tab key: the names of the policy that the command would go by, and the slugs of rules.

Where there is no policy to be used nothing is offered, and nothing is said: the command itself will say why.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import redirect_stderr, suppress

import typer

from purposegate.errors import PurposegateError


def categories(context: typer.Context, incomplete: str) -> list[str]:
    """Offer data categories."""
    return _named(context, "categories", incomplete)


def purposes(context: typer.Context, incomplete: str) -> list[str]:
    """Offer purposes."""
    return _named(context, "purposes", incomplete)


def recipients(context: typer.Context, incomplete: str) -> list[str]:
    """Offer the classes of recipients."""
    return _named(context, "recipients", incomplete)


def channels(context: typer.Context, incomplete: str) -> list[str]:
    """Offer channels."""
    return _named(context, "channels", incomplete)


def conditions(context: typer.Context, incomplete: str) -> list[str]:
    """Offer conditions."""
    return _named(context, "conditions", incomplete)


def rules(incomplete: str) -> list[str]:
    """Offer the slugs of lint rules."""
    from purposegate.tools.lint import rules as lint_rules  # noqa: PLC0415 - only where a rule is wanted

    return _beginning([rule.slug for rule in lint_rules()], incomplete)


def kinds(incomplete: str) -> list[str]:
    """Offer the slugs of what a scan finds."""
    from purposegate.tools.scanning.kinds import kinds as scan_kinds  # noqa: PLC0415 - only where a kind is wanted

    return _beginning([kind.slug for kind in scan_kinds()], incomplete)


def every_rule(incomplete: str) -> list[str]:
    """Offer the slugs of whatever has a page."""
    return sorted({*rules(incomplete), *kinds(incomplete)})


def _named(context: typer.Context, section: str, incomplete: str) -> list[str]:
    from purposegate.cli.judging import engine_of  # noqa: PLC0415 - only where a name is wanted

    chosen = context.params.get("policy")
    with open(os.devnull, "w") as nowhere, redirect_stderr(nowhere), suppress(SystemExit, PurposegateError):  # noqa: PTH123 - a device
        return _beginning(getattr(engine_of(chosen).policy, section), incomplete)
    return []


def _beginning(names: Iterable[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]
