"""What was seen → the judge → findings: every use by `Engine.decide`, and every read by what covers it on each way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from purposegate.engine.decision import Decision, Reason
from purposegate.engine.judge import Engine
from purposegate.engine.use import Use
from purposegate.findings import Finding, Location, Related, Severity, listed
from purposegate.gate.declared import unknown, wrong_names
from purposegate.gate.violation import headline, hints
from purposegate.tools.scanning.policies import Policies
from purposegate.tools.scanning.sighting import How, Judge, Part, Place, SeenCover, SeenRead, SeenUse, SeenWay, Sight, asked

_NAMES: Final = (Reason.UNKNOWN_CATEGORY, Reason.UNKNOWN_PURPOSE, Reason.UNKNOWN_RECIPIENT, Reason.UNKNOWN_CHANNEL)
# Which part of a use is the trouble, by the reason.
_PARTS: Final = {
    Reason.UNKNOWN_CATEGORY: Part.DATA_CATEGORY,
    Reason.UNKNOWN_RECIPIENT: Part.RECIPIENT,
    Reason.UNKNOWN_CHANNEL: Part.CHANNEL,
    Reason.UNLISTED_RECIPIENT: Part.RECIPIENT,
    Reason.UNLISTED_CHANNEL: Part.CHANNEL,
}
_SHOWN: Final = 5


def judged(sight: Sight, policies: Policies, assume: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """Put everything that was seen to the judge; conditions in `assume` are taken as shown."""
    judging = _Judging(policies, assume)
    found: list[Finding] = []
    for use in sight.uses:
        found += judging.use(use)
    found += judging.withheld(sight.uses)
    for read in sight.reads:
        found += judging.read(read)
    for judge, place in sight.gates:
        if judge.policy in policies.unread:
            message = policies.unread[judge.policy]
            found.append(Finding("cannot-verify", Severity.WARNING, message, _location(place)))
    return tuple(dict.fromkeys(found))


class _Lack(NamedTuple):
    """A label of a read that a way does not cover; with a decision, one that a purpose there does not permit."""

    category: str
    way: SeenWay
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class _Judging:
    policies: Policies
    assume: frozenset[str]

    def use(self, use: SeenUse) -> Iterator[Finding]:
        """Judge one use."""
        engine = self.policies.engine_of(use.judge)
        if use.how is How.LABEL:
            yield from self._label(use)
        elif use.unread or use.data_category is None or use.purpose is None:
            yield from self._names(use, engine)
        else:
            decision = self._decided(use, engine)
            if not decision.permitted:
                yield from self._denied(use, decision)

    def withheld(self, uses: Iterable[SeenUse]) -> Iterator[Finding]:
        """Find answers of which everything would be left out: their purpose is for none of their data."""
        answers: dict[tuple[Place, str, str | None], list[tuple[SeenUse, Decision]]] = {}
        for use in uses:
            if use.drops and not use.unread and use.data_category is not None and use.purpose is not None:
                decision = self._decided(use, self.policies.engine_of(use.judge))
                answers.setdefault((use.place, use.purpose, use.recipient), []).append((use, decision))
        for answer in answers.values():
            if all(not decision.permitted and decision.reason is not Reason.UNMET_CONDITION for _, decision in answer):
                use, decision = answer[0]
                if decision.reason not in _NAMES:
                    yield self._told(use, _finding(decision, Severity.WARNING, use.place, _origins(use, use.place)))

    def _label(self, use: SeenUse) -> Iterator[Finding]:
        """Find a label that no policy here knows."""
        engines = self.policies.all()
        if any(use.data_category in engine.policy.categories for engine in engines):
            return
        yield unknown("category", "data category", use.data_category, self.policies.project.policy.categories, _location(use.place))

    def _names(self, use: SeenUse, engine: Engine) -> Iterator[Finding]:
        """Find unknown names, where there is no whole use to be judged."""
        categories = [] if use.data_category is None else [use.data_category]
        recipient = _judged(use.recipient)
        found = list(wrong_names(engine, categories, purpose=use.purpose, recipient=recipient, channel=use.channel))
        for finding in found:
            part = _PARTS.get(Reason(finding.slug), Part.PURPOSE)
            yield self._told(use, replace(finding, location=_location(_place(use, part))))
        if not found and use.data_category is not None and use.purpose is not None:
            yield from self._wherever(use, engine)

    def _wherever(self, use: SeenUse, engine: Engine) -> Iterator[Finding]:
        """Deny a use whose recipient cannot be read, where it is denied for the same reason whoever that is."""
        decisions = [self._decided(replace(use, recipient=each, has_subject=True), engine) for each in engine.policy.recipients]
        if decisions and all(each.reason is Reason.UNDECLARED_PURPOSE for each in decisions):
            yield from self._denied(replace(use, recipient=decisions[0].recipient), decisions[0])

    def _decided(self, use: SeenUse, engine: Engine) -> Decision:
        question = Use(
            use.data_category or "",
            use.purpose or "",
            _judged(use.recipient),
            subject="..." if use.has_subject else None,
            channel=use.channel,
        )
        decision = engine.decide(question, self.policies.context(use.judge, self.assume))
        return decision if use.recipient is None else replace(decision, recipient=use.recipient)

    def _denied(self, use: SeenUse, decision: Decision) -> Iterator[Finding]:
        unknown_name = decision.reason in _NAMES
        if use.bound and decision.reason in (Reason.UNKNOWN_PURPOSE, Reason.UNKNOWN_RECIPIENT):
            return  # told where it was bound
        if not unknown_name and (use.expected or use.drops or use.how is How.FIELDS):
            return
        severity = Severity.ERROR
        if decision.reason is Reason.UNMET_CONDITION:
            severity = Severity.NOTE
        elif use.asks and not unknown_name:
            severity = Severity.WARNING
        place = _place(use, _PARTS.get(decision.reason, Part.PURPOSE))
        yield self._told(use, _finding(decision, severity, place, _origins(use, place)))

    def _told(self, use: SeenUse, finding: Finding) -> Finding:
        """Tell a use apart that is asked of something which may be no gate."""
        if use.receiver_known:
            return finding
        return replace(finding, slug="unknown-receiver", severity=Severity.NOTE, message=f"if this is a gate: {finding.message}")

    def read(self, read: SeenRead) -> Iterator[Finding]:
        """Hold a read to what covers it on each way."""
        lacks = [lack for way in read.ways for label in read.labels for lack in self._lack(label.name, way)]
        by_decision = {lack.decision: lack for lack in lacks if lack.decision is not None}
        for decision in by_decision:
            severity = Severity.NOTE if decision.reason is Reason.UNMET_CONDITION else Severity.ERROR
            yield _finding(decision, severity, read.place, ())
        bare = [lack for lack in lacks if lack.decision is None]
        if bare:
            yield self._unguarded(read, bare)
        yield from self._resumed(read)

    def _resumed(self, read: SeenRead) -> Iterator[Finding]:
        """Find a read that nothing covers but a purpose which another process has handed on."""
        for way in read.ways:
            resumed = [cover for cover in way.covers if cover.how is How.RESUME]
            if resumed and not all(any(self._covers(cover, label.name) for cover in way.covers) for label in read.labels):
                message = f"for which purpose `{read.what}` is read here cannot be told: it is resumed from a token"
                related = (Related(_location(resumed[0].place), "resumed here"),)
                help_ = "check the category inside of the block"
                yield Finding("cannot-verify", Severity.WARNING, message, _location(read.place), help=help_, related=related)
                return

    def _lack(self, category: str, way: SeenWay) -> Iterator[_Lack]:
        if any(self._covers(cover, category) for cover in way.covers):
            return
        decisions: list[Decision] = []
        for cover in way.covers:
            if cover.data_category is None:
                if cover.purpose is None:
                    return  # a purpose that cannot be told is one all the same, and told of where it stands
                decision = self._in_purpose(cover, category)
                if decision is not None and (decision.permitted or decision.reason in _NAMES):
                    return  # a name that nobody knows is told of where it stands
                decisions += [decision] if decision is not None else []
        if decisions:
            yield _Lack(category, way, decisions[0])
        else:
            yield _Lack(category, way)

    def _covers(self, cover: SeenCover, category: str) -> bool:
        if cover.data_category is None:
            return False
        categories = self.policies.engine_of(cover.judge).policy.categories
        return category == cover.data_category or (category in categories and cover.data_category in categories.above(category))

    def _in_purpose(self, cover: SeenCover, category: str) -> Decision | None:
        """Judge a read in a purpose; None where its policy does not know the label, which is another policy's then."""
        engine = self.policies.engine_of(cover.judge)
        if category not in engine.policy.categories:
            return None
        context = self.policies.context(Judge(cover.judge.policy), self.assume)
        return engine.decide(Use(category, cover.purpose or "", _judged(cover.recipient)), context)

    def _unguarded(self, read: SeenRead, lacks: list[_Lack]) -> Finding:
        categories = dict.fromkeys(lack.category for lack in lacks)
        message = f"`{read.what}` is {listed(categories)}, and nothing released it before it is read here"
        callers = dict.fromkeys(lack.way.caller for lack in lacks if lack.way.caller is not None)
        related = tuple(
            Related(_location(caller), "called from here, where nothing was released") for caller in list(callers)[:_SHOWN]
        )
        covered = dict.fromkeys(cover.data_category for way in read.ways for cover in way.covers if cover.data_category is not None)
        help_ = (
            f"released on some way to here: {listed(covered)}"
            if covered
            else "check it first, guard the function, or read it within `with gate.purpose(…)`"
        )
        return Finding("unguarded-read", Severity.ERROR, message, _location(read.place), help=help_, related=related)


def _finding(decision: Decision, severity: Severity, place: Place, related: tuple[Related, ...]) -> Finding:
    message = headline(decision).removesuffix(f" [{decision.reason}]")
    cited = "; ".join(f"clause {clause}" for clause in decision.clauses[:2])
    help_ = "; ".join([*([cited] if cited else []), *hints(decision)]) or None
    return Finding(decision.reason.value, severity, message, _location(place), help=help_, related=related)


def _place(use: SeenUse, part: Part) -> Place:
    """Give the argument by which a name was handed into the function that makes the use, else the use."""
    handed = [mention for mention in use.mentions if not _within(mention.place, use.place)]
    of_part = [mention for mention in handed if mention.part is part]
    if of_part:
        return of_part[0].place
    return handed[0].place if handed and part in (Part.PURPOSE, Part.DATA_CATEGORY) else use.place


def _origins(use: SeenUse, place: Place) -> tuple[Related, ...]:
    found = [Related(_location(use.place), "used here")] if place != use.place else []
    found += [
        Related(_location(mention.origin), f"`{mention.name}` is written here")
        for mention in use.mentions
        if mention.origin is not None and not _within(mention.origin, place) and not _within(mention.origin, use.place)
    ]
    return tuple(dict.fromkeys(found))


def _within(inner: Place, outer: Place) -> bool:
    return (
        inner.path == outer.path
        and (outer.line, outer.column) <= (inner.line, inner.column)
        and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
    )


def _judged(recipient: str | None) -> str | None:
    return None if recipient is None else asked(recipient)


def _location(place: Place) -> Location:
    return Location(place.path, place.line, place.column)
