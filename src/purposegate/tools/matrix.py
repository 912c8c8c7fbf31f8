"""Who may use what for a purpose: data categories × recipients, each cell a decision of the judge."""

from __future__ import annotations

from dataclasses import dataclass

from purposegate.engine.decision import Decision, Reason
from purposegate.engine.judge import Engine
from purposegate.engine.use import Context, Use


@dataclass(frozen=True, slots=True)
class Matrix:
    """The decisions for one purpose, by data category and then by recipient."""

    purpose: str
    recipients: tuple[str, ...]
    rows: dict[str, tuple[Decision, ...]]


def matrix(engine: Engine, purpose: str, context: Context) -> Matrix:
    """Ask the judge about every data category and class of recipients for one purpose."""
    recipients = tuple(engine.policy.recipients)
    rows = {
        category: tuple(engine.decide(Use(category, purpose, recipient), context) for recipient in recipients)
        for category in engine.policy.categories
    }
    return Matrix(purpose, recipients, rows)


def mark(decision: Decision) -> str:
    """Give the sign of a decision for a table: permitted, permitted if something is shown, or not."""
    if decision.permitted:
        return "yes"
    if decision.reason is Reason.UNMET_CONDITION:
        return "if"
    return "exc" if decision.exceptions else "-"
