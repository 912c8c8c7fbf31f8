"""What happens between a question and its answer: the facts are looked up, the judge decides, and it is recorded."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final, NamedTuple, TypeVar
from uuid import uuid4

from purposegate.engine.decision import Decision
from purposegate.engine.judge import Engine
from purposegate.engine.revisions import Revisions, decide_all
from purposegate.engine.use import Context, Standing, Use
from purposegate.errors import LedgerError, PurposegateError, TrailError
from purposegate.gate.declared import wrong
from purposegate.gate.observe import Observe
from purposegate.gate.recent import Decided, Recent
from purposegate.ledger.journal import Refused
from purposegate.ledger.protocol import AsOf, Ledger
from purposegate.ledger.records import Records, Release, in_utc
from purposegate.ledger.showing import accepted, hitting, refuse_others, refuse_unknown_revisions, registered, shown, window_ends
from purposegate.policy.terms import CLAIM_ID, NO_PURPOSE, NOT_A_NAME, NOT_SAID, Role, ShownBy, presentable
from purposegate.trail.ids import IDS
from purposegate.trail.record import TRACE_ID, Asked, Mode, PreparingSink, Record, Shown, Sink

Fact = Callable[[Use], bool]
_T = TypeVar("_T")

_log = logging.getLogger("purposegate")

_NOBODY: Final = (None, None, None)
_NONE: Final[frozenset[str]] = frozenset()
_OUTSIDE: Final = frozenset({Role.THIRD_PARTY, Role.JOINT_USER})
_AHEAD: Final = 60  # seconds by which clocks may differ without a word
_WORKED: Final = 8_192
_NOTHING: Final = (None, None)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
NOT_RECORDED: Final = "the decision was not recorded"
_NO_ANSWER: Final = "the ledger gave no answer that can be used"


class Weighed(NamedTuple):
    """A use that has been decided, and not yet recorded.

    `binding` are the revisions that had to permit it, the one in force first, and `contexts` what was known to each of them.
    """

    binding: tuple[Engine, ...]
    use: Use
    contexts: tuple[Context, ...]
    decision: Decision
    at: datetime
    # Nothing of a person was looked up for it: the decision stays the same until the policy changes.
    settled: bool = False
    # Up to where the ledger was read.
    position: int | None = None
    # The facts that were shown.
    facts: frozenset[str] = _NONE


class Known(NamedTuple):
    """What was decided, and between which instants it stays the same if nothing is entered; None for `until` where it does not."""

    weighed: Weighed
    since: datetime
    until: datetime | None


class Worked:
    """What was decided by answers of a ledger, for when it answers the same again."""

    __slots__ = ("_kept", "_known")

    def __init__(self) -> None:
        self._known: set[tuple[str, str, str | None]] = set()
        self._kept: dict[tuple[Use, int], tuple[object, Known]] = {}

    def knows(self, revisions: Revisions, use: Use) -> bool:
        """Tell whether the revisions know the names of a use, which is plain text."""
        names = (use.data_category, use.purpose, use.recipient)
        if names in self._known:
            return True
        known = revisions.knows(use)
        if known:
            if len(self._known) >= _WORKED:
                self._known.clear()
            self._known.add(names)
        return known

    def get(self, use: Use, content: object, at: datetime) -> Known | None:
        """Give what was decided over a use by the same answer, if it stays the same at this instant."""
        answer, known = self._kept.get((use, id(content)), _NOTHING)
        if answer is not content or known is None or known.until is None:
            return None
        return known if known.since <= at < known.until else None

    def keep(self, use: Use, content: object, known: Known) -> None:
        """Keep what was decided by an answer."""
        if len(self._kept) >= _WORKED:
            self._kept.clear()
        self._kept[use, id(content)] = (content, known)


class Procedure:
    """The stores of one gate, and the order in which they are asked and told."""

    __slots__ = (
        "_latest",
        "_latest_lock",
        "_told_of_ahead",
        "exempt",
        "facts",
        "ledger",
        "ledger_failures",
        "observe",
        "recent",
        "trace_id",
        "trail",
    )

    def __init__(
        self,
        facts: Mapping[str, Fact],
        ledger: Ledger | None,
        trail: Sink | None,
        observe: Observe | None,
        exempt: Mapping[str, str],
        recent: Recent | None,
        trace_id: Callable[[], str | None] | None,
    ) -> None:
        """Take the stores; `exempt` gives for clauses the ground on which a provision under them needs no record by law.

        `recent` keeps decisions for some seconds, where that is wanted.
        """
        self.facts = facts
        self.ledger = ledger
        self.trail = trail
        self.observe = observe
        self.exempt = exempt
        self.recent = recent
        self.trace_id = trace_id
        self.ledger_failures = 0
        self._latest: datetime | None = None
        self._told_of_ahead = False
        self.begin_again()

    def begin_again(self) -> None:
        """Go on in a child process, where another thread may have held the lock."""
        self._latest_lock = Lock()

    @property
    def keeps_nothing(self) -> bool:
        """Whether neither a ledger nor a trail is to be asked or told."""
        return self.ledger is None and self.trail is None

    @property
    def waits(self) -> bool:
        """Whether a decision may wait for something: a store, or a function of the service's."""
        return not self.keeps_nothing or bool(self.facts)

    def observed(self, at: datetime) -> bool:
        """Tell whether denied uses pass at an instant."""
        return self.observe is not None and self.observe.active(at)

    def weigh(self, revisions: Revisions, use: Use, at: datetime, worked: Worked) -> Weighed:
        """Look up what the use's rules need, and let the judge decide; raise `LedgerError` where the ledger gives no answer.

        `worked` keeps what was worked out of answers of the ledger under these revisions.
        """
        if self.ledger is None:
            if len(revisions.engines) > 1:
                at = self._forwards(at, None)  # an earlier revision does not come back
            engine = revisions.in_force(at)
            needed = engine.conditions(use) if self.facts else _NONE
            context = Context(at, self._facts(needed, use))
            settled = needed.isdisjoint(self.facts) and revisions.all_begun(at)
            return Weighed((engine,), use, (context,), engine.decide(use, context), at, settled, facts=context.shown)
        if not worked.knows(revisions, use):
            engine = revisions.in_force(at)
            context = Context(at, standing=Standing.CONSULTED)
            return Weighed((engine,), use, (context,), engine.decide(use, context), at)
        return self._by_ledger(revisions, use, at, worked)

    def _by_ledger(self, revisions: Revisions, use: Use, at: datetime, worked: Worked) -> Weighed:
        recent = self.recent if use.claim is None and use.subject is not None else None
        generation = 0
        if recent is not None:
            generation = recent.generation
            kept = recent.found(use.subject or "", (use.data_category, use.purpose, use.recipient, use.channel))
            if kept is not None:
                return kept.weighed._replace(at=self._forwards(at, None))
        records = self._consulted(use, None)
        at = self._forwards(at, records.latest)
        known = None if records.content is None else worked.get(use, records.content, at)
        if known is None:
            known = self._asking(lambda: self._worked_out(revisions, use, records, at, worked), _NO_ANSWER)
        weighed = known.weighed._replace(at=at, position=records.position)
        # Nothing is kept across what begins or ends; `until` is for a clock that leaps meanwhile.
        if recent is not None and known.until is not None and known.until - at > timedelta(seconds=recent.ttl):
            asked = weighed.decision if self.trail is None else None
            at_once = weighed.decision.permitted and self._provision(weighed, _is_outside(weighed)) is None
            decided = Decided(weighed, asked, asked if at_once else None, at.timestamp() + recent.ttl)
            recent.keep(use, decided, generation, revisions)
        return weighed

    def _worked_out(self, revisions: Revisions, use: Use, records: Records, at: datetime, worked: Worked) -> Known:
        weighed = self._weighed(revisions, use, records, at, None)
        if self.facts and any(not self.facts.keys().isdisjoint(engine.conditions(use)) for engine in weighed.binding):
            return Known(weighed, at, None)  # what a fact is worth is known only to the service, and only now
        known = Known(weighed, *_steady(revisions, records, at))
        if records.content is not None:
            worked.keep(use, records.content, known)
        return known

    def _forwards(self, at: datetime, latest: datetime | None) -> datetime:
        # INVARIANT: no decision is made at an earlier time than one that was made before it, or than anything that the ledger has
        # recorded: where a clock goes backwards, what has ended stays so, and what was lodged holds.
        given = at = in_utc(at)
        if latest is not None and latest > at:
            at = latest
            if (latest - given).total_seconds() > _AHEAD and not self._told_of_ahead:
                self._told_of_ahead = True
                _log.warning("the ledger is ahead of this machine's clock by more than %s seconds: one of them is wrong", _AHEAD)
        with self._latest_lock:
            if self._latest is not None and self._latest > at:
                return self._latest
            self._latest = at
            return at

    def again(self, revisions: Revisions, use: Use, moment: datetime | Record) -> Decision:
        """Decide as it was decided at an instant, or for a record of the trail, by what had been recorded then."""
        facts: frozenset[str] | None = None
        if isinstance(moment, Record):
            _demand_same(use, moment, revisions)
            at = in_utc(moment.at)
            as_of: AsOf = at if moment.position is None else moment.position
            facts = moment.facts
        else:
            at = as_of = in_utc(moment)
        if self.ledger is None or not revisions.knows(use):
            engine = revisions.in_force(at)
            shown_then = self._facts(engine.conditions(use), use) if facts is None else facts
            standing = Standing.NOT_CONSULTED if self.ledger is None else Standing.CONSULTED
            return engine.decide(use, Context(at, shown_then, standing=standing))
        records = self._consulted(use, as_of)
        return self._asking(lambda: self._weighed(revisions, use, records, at, facts).decision, _NO_ANSWER)

    def record(self, weighed: Sequence[Weighed], asked: Asked, at: datetime) -> None:
        """Tell the ledger of releases, all at once, and the trail of each decision; `at` is when they were asked for together.

        Raises `LedgerError` or `TrailError` where they fail.
        """
        if asked is Asked.QUESTION and self.trail is None:
            return
        released = asked is Asked.RELEASE
        # What is only observed goes out too, though nothing permits it.
        goes_out = [released and (each.decision.permitted or self.observed(at)) for each in weighed]
        outside = [out and _is_outside(each) for each, out in zip(weighed, goes_out, strict=True)]
        told = zip(weighed, goes_out, outside, strict=True)
        provided = [self._provision(each, leaves) if out else None for each, out, leaves in told]
        releases = [each for each in provided if each is not None]
        ledger = self.ledger
        if ledger is not None and releases:
            self._asking(lambda: ledger.record(releases), "the ledger did not record the release")
        if self.trail is not None:
            described = zip(weighed, outside, provided, strict=True)
            self._written([self._record(each, asked, at, leaves, release) for each, leaves, release in described])

    def alike(self, weighed: Weighed, trail: PreparingSink) -> Callable[[str | None], None] | None:
        """Give what records a release like a settled one, for any person; None where each takes the whole way."""
        if not (weighed.settled and weighed.decision.permitted and weighed.use.channel is None):
            return None
        record = self._record(weighed, Asked.RELEASE, weighed.at, _is_outside(weighed), release=None)
        return refusing(lambda: trail.prepared(replace(record, subject=None, claim=None)), TrailError, NOT_RECORDED)

    def declassify(self, engine: Engine, data_categories: Collection[str], at: datetime, reason: str) -> None:
        """Record that data are used outside of the policy; raise `DeclarationError` where there is no trail to record it."""
        if self.trail is None:
            raise wrong("no-trail", "nothing would record what is declassified", help_="give the gate a trail")
        for data_category in sorted(data_categories) or [NOT_A_NAME]:
            use = Use(data_category, NO_PURPOSE)
            context = Context(at)
            weighed = Weighed((engine,), use, (context,), engine.decide(use, context), at)
            record = self._record(weighed, Asked.RELEASE, at, provision=False, release=None)
            self._written([replace(record, mode=Mode.DECLASSIFIED, justification=reason)])

    def _facts(self, needed: frozenset[str], use: Use) -> frozenset[str]:
        if not self.facts:
            return _NONE
        return frozenset(name for name in needed & self.facts.keys() if self._is_shown(name, use))

    def _is_shown(self, name: str, use: Use) -> bool:
        try:
            answer: object = self.facts[name](use)
        except Exception as error:  # noqa: BLE001 - whatever a service's function raises, its condition is not shown
            _log.warning("the fact `%s` was not answered: %s", name, type(error).__name__)
            return False
        return answer is True

    def _consulted(self, use: Use, as_of: AsOf) -> Records:
        ledger = self.ledger

        def consulted() -> Records:
            records: object = None if ledger is None else ledger.consult(use, as_of)
            if not isinstance(records, Records):
                raise TypeError
            return records

        return self._asking(consulted, _NO_ANSWER)

    def _asking(self, call: Callable[[], _T], message: str) -> _T:
        try:
            return refusing(call, LedgerError, message)
        except Refused:
            raise
        except LedgerError:
            self.ledger_failures += 1
            raise

    def _weighed(self, revisions: Revisions, use: Use, records: Records, at: datetime, facts: frozenset[str] | None) -> Weighed:
        """Decide by what a ledger holds; `facts` are those that were shown, where it is known and they are not to be asked."""
        refuse_others(use, records)
        refuse_unknown_revisions(revisions.policies, records, at)
        answered: dict[str, bool] = {}

        def context(engine: Engine) -> Context:
            needed = engine.conditions(use)
            if facts is None:
                by_fact = needed & self.facts.keys()
                answered.update((name, self._is_shown(name, use)) for name in by_fact - answered.keys())
                by_fact = frozenset(name for name in by_fact if answered[name])
            else:
                by_fact = needed & facts
            by_ledger = shown(engine, use, records, needed, at)
            hit = hitting(engine, use, records, at)
            return Context(at, by_fact | by_ledger, hit, Standing.CONSULTED, registered(engine, use, records, at))

        binding = revisions.binding(at, lambda policies: accepted(policies, records, at))
        contexts = tuple(map(context, binding))
        shown_facts = frozenset(name for name, answer in answered.items() if answer) if facts is None else facts
        decision = decide_all(binding, use, contexts)
        return Weighed(binding, use, contexts, decision, at, position=records.position, facts=shown_facts)

    def _provision(self, weighed: Weighed, outside: bool) -> Release | None:  # noqa: FBT001 - beside what it is of
        """Give what the ledger is to keep of a release: a provision to somebody outside, or one use of a claim."""
        if self.ledger is None:
            return None
        use, decision = weighed.use, weighed.decision
        without = tuple(map(_without_claim, weighed.binding, weighed.contexts))
        # A claim is spent where the use would not be permitted without what it shows.
        spent = decision.permitted and without != weighed.contexts and not decide_all(weighed.binding, use, without)
        if not spent and not outside:
            return None
        grounds = [self.exempt.get(clause) for clause in decision.clauses if decision.permitted]
        return Release(
            id=str(uuid4()),
            at=weighed.at,
            data_category=decision.data_category,
            purpose=decision.purpose,
            recipient=_recipient(weighed),
            subject=use.subject or NOT_SAID,
            channel=use.channel,
            clauses=decision.clauses if decision.permitted else (),
            claim=use.claim if spent else None,
            exempt="; ".join(dict.fromkeys(ground for ground in grounds if ground)) if grounds and all(grounds) else None,
        )

    def _record(self, weighed: Weighed, asked: Asked, at: datetime, provision: bool, release: Release | None) -> Record:  # noqa: FBT001 - beside what it is of
        engine, use, context = weighed.binding[0], weighed.use, weighed.contexts[0]
        known = engine.class_of(_recipient(weighed))
        known_channel = isinstance(use.channel, str) and use.channel in engine.policy.channels
        # What shows a condition may differ between the revisions that bind.
        by_revision = zip(weighed.binding, weighed.contexts, strict=True)
        shown = {Shown(name, each.policy.conditions[name]) for each, context in by_revision for name in context.shown}
        return Record(
            id=IDS.next(),
            at=weighed.at,
            decision=weighed.decision,
            asked=asked,
            mode=Mode.OBSERVED if self.observed(at) else Mode.ENFORCED,
            role=None if known is None else engine.policy.role(known),
            subject=use.subject,
            channel=use.channel if known_channel else None,
            claim=use.claim,
            shown=tuple(sorted(shown, key=lambda each: (each.by, each.condition))),
            hit=tuple(sorted(_NONE.union(*(each.objections for each in weighed.contexts)))),
            registered=context.registered,
            position=weighed.position,
            provision=provision,
            release=None if release is None else release.id,
            trace_id=self._traced(),
        )

    def _written(self, records: Sequence[Record]) -> None:
        trail = self.trail
        if trail is not None and records:
            refusing(lambda: trail.write(records), TrailError, NOT_RECORDED)

    def _traced(self) -> str | None:
        """Give the trace that is going on, where the service tells of it; what is no id of one is none."""
        if self.trace_id is None:
            return None
        try:
            found = self.trace_id()
        except Exception as error:  # noqa: BLE001 - a decision is recorded without its trace rather than not made
            _log.warning("no trace was told of: %s", type(error).__name__)
            return None
        return found if isinstance(found, str) and TRACE_ID.match(found) else None


def _recipient(weighed: Weighed) -> str:
    return weighed.binding[0].policy.controller if weighed.use.recipient is None else weighed.use.recipient


def _is_outside(weighed: Weighed) -> bool:
    """Tell whether the recipient is a third party or a joint user for any revision that binds.

    Who has not accepted a later revision knows the recipient as what it was.
    """
    recipient = _recipient(weighed)
    return weighed.binding[0].class_of(recipient) is not None and any(
        each.policy.role(known) in _OUTSIDE for each in weighed.binding if (known := each.class_of(recipient)) is not None
    )


def _demand_same(use: Use, record: Record, revisions: Revisions) -> None:
    """Raise `ValueError` where a record is of another use: what was shown for that one would be lent to this."""
    decision, classes = record.decision, revisions.in_force(record.at).policy
    recipient = presentable(classes.controller if use.recipient is None else use.recipient, classes.recipients)
    channel = use.channel if use.channel in classes.channels else None
    asked = (presentable(use.data_category), presentable(use.purpose), recipient, use.subject, channel, use.claim)
    names = (decision.data_category, decision.purpose, decision.recipient)
    if asked != (*names, record.subject, record.channel, record.claim):
        raise ValueError("the record is of another use than the one that is asked about")


def _steady(revisions: Revisions, records: Records, at: datetime) -> tuple[datetime, datetime]:
    """Give the instants around one between which a decision stays the same, if nothing is entered."""
    policies = revisions.policies
    begins = (each.in_force_from for each in policies if each.in_force_from is not None)
    times = [*begins, *records.times(), *(window_ends(policies, records) if len(policies) > 1 else ())]
    return max((each for each in times if each <= at), default=at), min((each for each in times if each > at), default=_NEVER)


def _without_claim(engine: Engine, context: Context) -> Context:
    conditions = engine.policy.conditions
    by_claim = {name for name in context.shown if conditions[name] is ShownBy.CLAIM}
    return replace(context, shown=context.shown - by_claim) if by_claim else context


def refusing(call: Callable[[], _T], refusal: type[PurposegateError], message: str) -> _T:
    """Turn whatever a store raises into a refusal that says what it was, without its text: a row may stand in it."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - a store may raise anything, and none of it may let a use through
        failed = error
    raise refused(failed, refusal, message)  # here and not above, so that the store's own exception is not chained to it


def refused(error: Exception, refusal: type[PurposegateError], message: str) -> PurposegateError:
    """Give the refusal that what a store raised ends in: itself, where it is one."""
    return error if isinstance(error, refusal) else refusal(f"{message} ({type(error).__name__})")


def plain(use: Use) -> Use:
    """Make plain text of what was passed: what is no text is no name, and what is no id may be the person's data."""
    if use.claim is None and is_plain(use.data_category) and is_plain(use.purpose):
        others = (use.recipient, use.subject, use.channel)
        if others == _NOBODY or all(each is None or is_plain(each) for each in others):
            return use  # as nearly every use is
    claim, subject = _text(use.claim), _text(use.subject)
    return Use(
        _text(use.data_category) or NOT_A_NAME,
        _text(use.purpose) or NOT_A_NAME,
        None if use.recipient is None else _text(use.recipient) or NOT_A_NAME,
        subject=subject if subject and not subject.isspace() else None,
        channel=None if use.channel is None else _text(use.channel) or NOT_A_NAME,
        claim=claim if claim and CLAIM_ID.match(claim) else None,
    )


def is_plain(value: object) -> bool:
    """Tell whether something is plain text that says something: of a subclass nobody knows what it does."""
    return type(value) is str and value != "" and not value.isspace()


def _text(value: object) -> str:
    return str.__str__(value) if isinstance(value, str) else ""
