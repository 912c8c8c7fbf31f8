"""Uses asserted as permitted or denied."""

from __future__ import annotations

from typing import Final

from purposegate.engine.decision import Decision, Reason
from purposegate.gate.ambient import AMBIENT, Ambient
from purposegate.gate.gate import Gate
from purposegate.gate.violation import story

# Denials of which the policy's rules know nothing: a misspelt name would end in one of them for ever.
_BY_THE_RULES: Final = frozenset(
    {
        Reason.UNDECLARED_PURPOSE,
        Reason.UNLISTED_RECIPIENT,
        Reason.UNLISTED_CHANNEL,
        Reason.UNMET_CONDITION,
        Reason.OBJECTION_IN_FORCE,
    }
)


def assert_permitted(
    gate: Gate,
    data_category: str,
    purpose: str | Ambient = AMBIENT,
    recipient: str | None = None,
    *,
    subject: str | None = None,
    channel: str | None = None,
    claim: str | None = None,
) -> Decision:
    """Ask the gate, and raise `AssertionError` with the whole story where the use is denied, also while the gate only observes."""
    __tracebackhide__ = True
    decision = gate.decide(data_category, purpose, recipient, subject=subject, channel=channel, claim=claim)
    if not decision.permitted:
        raise AssertionError("\n".join(story(decision)))
    return decision


def assert_denied(
    gate: Gate,
    data_category: str,
    purpose: str | Ambient = AMBIENT,
    recipient: str | None = None,
    *,
    reason: Reason | str | None = None,
    subject: str | None = None,
    channel: str | None = None,
    claim: str | None = None,
) -> Decision:
    """Ask the gate, and raise `AssertionError` where the use is permitted, or denied for another reason.

    Without a `reason` it must be one of the policy's rules: that a name is unknown, or something was not said, is to be expected by
    name. Raises `ValueError` for a reason that there is not.
    """
    __tracebackhide__ = True
    expected = None if reason is None else Reason(reason)
    decision = gate.decide(data_category, purpose, recipient, subject=subject, channel=channel, claim=claim)
    if decision.reason in (_BY_THE_RULES if expected is None else {expected}) and not decision.permitted:
        return decision
    told = f"expected a denial for `{expected}`" if expected is not None else "expected a denial by the rules"
    raise AssertionError("\n".join([told, *story(decision)]))
