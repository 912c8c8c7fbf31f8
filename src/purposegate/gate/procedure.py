"""What happens between a question and its answer: the facts are looked up, the judge decides, and it is recorded."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, NamedTuple, TypeVar
from uuid import uuid4

from purposegate.engine.decision import Decision
from purposegate.engine.judge import Engine
from purposegate.engine.use import Context, Standing, Use
from purposegate.errors import LedgerError, PurposegateError, TrailError
from purposegate.gate.declared import wrong
from purposegate.gate.observe import Observe
from purposegate.ledger.protocol import Ledger
from purposegate.ledger.records import Records, Release
from purposegate.ledger.showing import hitting, refuse_others, shown
from purposegate.policy.terms import CLAIM_ID, NO_PURPOSE, NOT_A_NAME, Role, ShownBy
from purposegate.trail.record import Asked, Mode, Record, Sink

Fact = Callable[[Use], bool]
_T = TypeVar("_T")

_log = logging.getLogger("purposegate")

_NONE: Final[frozenset[str]] = frozenset()
_OUTSIDE: Final = frozenset({Role.THIRD_PARTY, Role.JOINT_USER})


class Weighed(NamedTuple):
    """A use that has been decided, and not yet recorded."""

    engine: Engine
    use: Use
    context: Context
    decision: Decision
    # Nothing was looked up for it: the decision stays the same until the policy changes.
    settled: bool


@dataclass(frozen=True, slots=True, eq=False)
class Procedure:
    """The stores of one gate, and the order in which they are asked and told."""

    facts: Mapping[str, Fact]
    ledger: Ledger | None
    trail: Sink | None
    observe: Observe | None

    @property
    def keeps_nothing(self) -> bool:
        """Whether neither a ledger nor a trail is to be asked or told."""
        return self.ledger is None and self.trail is None

    def observed(self, at: datetime) -> bool:
        """Tell whether denied uses pass at an instant."""
        return self.observe is not None and self.observe.active(at)

    def weigh(self, engine: Engine, use: Use, at: datetime) -> Weighed:
        """Look up what the use's rules need, and let the judge decide; raise `LedgerError` where the ledger gives no answer."""
        needed = engine.conditions(use) if self.facts or self.ledger is not None else _NONE
        facts = frozenset(name for name in needed & self.facts.keys() if self._is_shown(name, use))
        context = self._context(engine, use, needed, facts, at)
        decision = engine.decide(use, context)
        return Weighed(engine, use, context, decision, self.keeps_nothing and needed.isdisjoint(self.facts))

    def record(self, weighed: Weighed, asked: Asked) -> None:
        """Tell the ledger of a release and the trail of the decision; raise `LedgerError` or `TrailError` where they fail."""
        release = self._provided(weighed) if weighed.decision.permitted and asked is Asked.RELEASE else None
        self._written(weighed, asked, release)

    def declassify(self, engine: Engine, data_categories: Collection[str], at: datetime, reason: str) -> None:
        """Record that data are used outside of the policy; raise `DeclarationError` where there is no trail to record it."""
        if self.trail is None:
            raise wrong("no-trail", "nothing would record what is declassified", help_="give the gate a trail")
        for data_category in sorted(data_categories) or [NOT_A_NAME]:
            use = Use(data_category, NO_PURPOSE)
            context = Context(at)
            self._written(Weighed(engine, use, context, engine.decide(use, context), settled=False), Asked.RELEASE, None, reason)

    def _is_shown(self, name: str, use: Use) -> bool:
        try:
            answer: object = self.facts[name](use)
        except Exception as error:  # noqa: BLE001 - whatever a service's function raises, its condition is not shown
            _log.warning("the fact `%s` was not answered: %s", name, type(error).__name__)
            return False
        return answer is True

    def _context(self, engine: Engine, use: Use, needed: frozenset[str], facts: frozenset[str], at: datetime) -> Context:
        if self.ledger is None:
            return Context(at, facts)
        if not engine.knows(use):
            return Context(at, facts, standing=Standing.CONSULTED)
        ledger = self.ledger

        def consulted() -> Context:
            records: object = ledger.consult(use, at)
            if not isinstance(records, Records):
                raise TypeError
            refuse_others(use, records)
            by_ledger = shown(engine, use, records, needed, at)
            registered = records.registered is not None and records.registered == use.recipient
            return Context(at, facts | by_ledger, hitting(engine, use, records, at), Standing.CONSULTED, registered)

        return refusing(consulted, LedgerError, "the ledger gave no answer that can be used")

    def _provided(self, weighed: Weighed) -> str | None:
        """Let the ledger keep a provision, and spend the claim that was needed; give the record's id, None for neither."""
        ledger = self.ledger
        if ledger is None:
            return None
        engine, use, context, decision, _ = weighed
        conditions = engine.policy.conditions
        by_claim = {name for name in context.shown if conditions[name] is ShownBy.CLAIM}
        # A claim is spent where the use would not be permitted without what it shows.
        spent = bool(by_claim) and not engine.decide(use, replace(context, shown=context.shown - by_claim))
        recipient = engine.policy.controller if use.recipient is None else use.recipient
        declared = engine.class_of(recipient)
        outside = declared is not None and engine.policy.role(declared) in _OUTSIDE
        if not outside and not spent:
            return None
        release = Release(
            id=str(uuid4()),
            at=context.at,
            data_category=decision.data_category,
            purpose=decision.purpose,
            recipient=recipient,
            subject=use.subject or "",
            channel=use.channel,
            clauses=decision.clauses,
            claim=use.claim if spent else None,
        )
        refusing(lambda: ledger.record(release), LedgerError, "the ledger did not record the release")
        return release.id

    def _written(self, weighed: Weighed, asked: Asked, release: str | None, reason: str | None = None) -> None:
        trail = self.trail
        if trail is None:
            return
        engine, use, context, decision, _ = weighed
        mode = Mode.OBSERVED if self.observed(context.at) else Mode.ENFORCED
        known_channel = isinstance(use.channel, str) and use.channel in engine.policy.channels
        record = Record(
            id=str(uuid4()),
            at=context.at,
            decision=decision,
            asked=asked,
            mode=mode if reason is None else Mode.DECLASSIFIED,
            subject=use.subject,
            channel=use.channel if known_channel else None,
            claim=use.claim,
            shown=tuple(sorted(context.shown)),
            release=release,
            reason=reason,
        )
        refusing(lambda: trail.write(record), TrailError, "the decision was not recorded")


def refusing(call: Callable[[], _T], refusal: type[PurposegateError], message: str) -> _T:
    """Turn whatever a store raises into a refusal that says what it was, without its text: a row may stand in it."""
    try:
        return call()
    except refusal:
        raise
    except Exception as error:  # noqa: BLE001 - a store may raise anything, and none of it may let a use through
        cause = type(error).__name__
    raise refusal(f"{message} ({cause})")  # here and not above, so that the store's own exception is not chained to it


def plain(use: Use) -> Use:
    """Make plain text of what was passed: what is no text is no name, and what is no id may be the person's data."""
    claim = _text(use.claim)
    return Use(
        _text(use.data_category) or NOT_A_NAME,
        _text(use.purpose) or NOT_A_NAME,
        None if use.recipient is None else _text(use.recipient) or NOT_A_NAME,
        subject=_text(use.subject) or None,
        channel=None if use.channel is None else _text(use.channel) or NOT_A_NAME,
        claim=claim if claim and CLAIM_ID.match(claim) else None,
    )


def _text(value: object) -> str:
    return str.__str__(value) if isinstance(value, str) else ""
