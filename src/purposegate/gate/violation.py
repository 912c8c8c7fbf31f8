"""A blocked use, worded for the person who reads the log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from purposegate.engine.decision import Decision, Reason, Shortfall
from purposegate.engine.use import Standing
from purposegate.errors import PurposegateError
from purposegate.findings import listed, shortened
from purposegate.policy.terms import NO_PURPOSE

_QUOTE_SHOWN: Final = 140

_WHY: Final = {
    Reason.NOT_IN_FORCE: "the policy is not in force yet",
    Reason.UNKNOWN_CATEGORY: "the policy knows no such data category",
    Reason.UNKNOWN_PURPOSE: "the policy knows no such purpose",
    Reason.UNKNOWN_RECIPIENT: "the policy knows no such recipient",
    Reason.UNKNOWN_CHANNEL: "the policy knows no such channel",
    Reason.SUBJECT_REQUIRED: "whose data they are was not said",
    Reason.CHANNEL_REQUIRED: "by which channel they go out was not said",
    Reason.UNDECLARED_PURPOSE: "the purpose is not declared for this category",
    Reason.UNLISTED_RECIPIENT: "no clause provides it to this recipient for this purpose",
    Reason.UNLISTED_CHANNEL: "the clause does not list this channel",
    Reason.UNMET_CONDITION: "a condition of the clause is not shown",
    Reason.OBJECTION_IN_FORCE: "the person has objected",
}


class PurposeViolation(PurposegateError):  # noqa: N818 - the field's word for what happened; not every refusal is an error
    """A use that the policy does not permit; `decision` says why. The text is built when it is asked for."""

    decision: Decision

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision)
        self.decision = decision

    def __str__(self) -> str:
        return "\n".join(story(self.decision))


def headline(decision: Decision) -> str:
    """Say in one line what was asked and what came of it."""
    use = f"be used for `{decision.purpose}` by `{decision.recipient}`"
    if decision.permitted:
        return f"`{decision.data_category}` may {use} [{decision.reason}]"
    return f"`{decision.data_category}` may not {use}: {why(decision.reason)} [{decision.reason}]"


def why(reason: Reason) -> str:
    """Say in a few words why a use was denied; raise `KeyError` where it was not."""
    return _WHY[reason]


def story(decision: Decision) -> Iterator[str]:
    """Say line by line what was decided, by which clauses, what would help, and where the policy says so."""
    yield headline(decision)
    for citation in decision.citations:
        yield f"clause {citation.clause}: “{shortened(' '.join(citation.quote.split()), _QUOTE_SHOWN)}”"
    for hint in hints(decision):
        yield f"help: {hint}"
    places = ", ".join(str(citation.location) for citation in decision.citations if citation.location)
    yield f"see: {places or decision.policy.path} (revision {decision.policy.revision})"


def hints(decision: Decision) -> Iterator[str]:
    """Say what would have been permitted, or what is missing."""
    hint = _hint(decision)
    if hint:
        yield hint
    if decision.unaccepted is not None:
        yield f"revision {decision.unaccepted} would permit it, which the person has not accepted"
    for shortfall in decision.exceptions:
        yield f"clause {shortfall.citation.clause} would permit it {_with(shortfall)}"


def _hint(decision: Decision) -> str | None:  # noqa: C901, PLR0911, PLR0912 - one line a reason
    near = decision.nearest
    match decision.reason:
        case Reason.UNKNOWN_CATEGORY | Reason.UNKNOWN_PURPOSE | Reason.UNKNOWN_RECIPIENT | Reason.UNKNOWN_CHANNEL if near:
            return f"did you mean {listed(near, 'or')}?"
        case Reason.UNKNOWN_PURPOSE if decision.purpose == NO_PURPOSE:
            return "name a purpose, or use it inside `with gate.purpose(…)`"
        case Reason.UNKNOWN_RECIPIENT if decision.standing is Standing.CONSULTED:
            return "a recipient outside the company is named by an instance that the ledger knows, as `class/id`"
        case Reason.SUBJECT_REQUIRED:
            return "pass `subject=`, the id of the person"
        case Reason.CHANNEL_REQUIRED:
            return "pass `channel=`, the way they reach the recipient"
        case Reason.UNDECLARED_PURPOSE if near:
            return f"`{decision.purpose}` covers {listed(near)}"
        case Reason.UNDECLARED_PURPOSE if decision.citations:
            return "the clause opens it only for giving data to others, or only for narrower purposes"
        case Reason.UNDECLARED_PURPOSE:
            return "no clause opens this purpose"
        case Reason.UNLISTED_RECIPIENT if near:
            return f"`{decision.data_category}` for `{decision.purpose}` is provided to {listed(near)}"
        case Reason.UNLISTED_CHANNEL:
            return f"the clause lists {listed(decision.channels)}"
        case Reason.UNMET_CONDITION:
            return f"not shown: {listed(decision.unmet)}"
        case Reason.OBJECTION_IN_FORCE:
            return f"in force: {listed(decision.objections)}"
        case _:
            return None


def _with(shortfall: Shortfall) -> str:
    needs = [f"{listed(shortfall.unmet)} shown"] if shortfall.unmet else []
    needs += [f"{listed(shortfall.channels, 'or')} as the channel"] if shortfall.channels else []
    needs += [f"{listed(shortfall.objections)} lifted"] if shortfall.objections else []
    return f"with {', and '.join(needs)}"
