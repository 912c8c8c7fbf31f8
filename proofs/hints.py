"""What a decision tells besides its reason, as further questions to Cedar: each hint is tried out, and must work.

A permit of a use that names no channel lists those it must go out by: exactly they are permitted when they are named. A denial
names the exceptions that could have permitted: exactly those grant when nothing is lacking, and each of them as soon as it has
what it is told to lack.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cases import Case, Data
from cedar import STOPS, Judgment, Rule

from purposegate import Decision, Shortfall


class Trial(NamedTuple):
    """A question that follows from a hint, and whether the hint lets expect a permit: by this rule, or by any."""

    case: Case
    hint: str
    expected: bool
    rule: Rule | None = None

    def works(self, judgment: Judgment) -> bool:
        """Tell whether Cedar says what the hint lets expect."""
        permitted = judgment.permitted if self.rule is None else self.rule in judgment.granting
        return permitted is self.expected


def trials(document: Data, case: Case, decision: Decision) -> Iterator[Trial]:
    """Give the questions that a decision answers in advance."""
    use, known = case
    if decision.permitted:
        if use["channel"] is None and not known["consulted"]:
            yield from _by_channels(document, case, decision)
    elif decision.reason not in STOPS:
        told = {(lack.citation.clause, lack.citation.quote): lack for lack in decision.exceptions}
        for place, exception in enumerate(document["exceptions"]):
            lack = told.get((exception["clause"], exception["quote"]))
            yield _with_nothing_lacking(document, case, place, told=lack is not None)
            if lack is not None:
                yield _with_what_is_lacking(case, place, lack)


def _by_channels(document: Data, case: Case, decision: Decision) -> Iterator[Trial]:
    use, known = case
    for channel in document["channels"]:
        listed = not decision.channels or channel in decision.channels
        hint = f"`{channel}` is {'one' if listed else 'none'} of the channels that fit"
        yield Trial((use | {"channel": channel}, known), hint, listed)


def _with_nothing_lacking(document: Data, case: Case, place: int, *, told: bool) -> Trial:
    use, known = case
    channels = document["exceptions"][place]["channels"]
    fitting = next(iter(document["channels"] if channels == "any" else channels))
    everything = known | {"shown": list(document["conditions"]), "objections": []}
    hint = f"exception {place} {'could' if told else 'could not'} have permitted it"
    return Trial((use | {"channel": fitting}, everything), hint, told, ("exceptions", place))


def _with_what_is_lacking(case: Case, place: int, lack: Shortfall) -> Trial:
    use, known = case
    remaining = [name for name in known["objections"] if name not in lack.objections]
    supplied = known | {"shown": [*known["shown"], *lack.unmet], "objections": remaining}
    by = {"channel": lack.channels[0]} if lack.channels else {}
    hint = f"exception {place} lacks {lack.unmet}, {lack.channels}, {lack.objections}, and nothing else"
    return Trial((use | by, supplied), hint, expected=True, rule=("exceptions", place))
