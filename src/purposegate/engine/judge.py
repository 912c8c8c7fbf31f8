"""The one judge: a use and what is known of it → the decision (DESIGN §4).

A use is stopped at the first of these: the policy is not in force; a name is unknown; the gate's ledger needs a subject or a
channel; no use clause covers the data and the purpose; no provision covers the recipient; the channel is not listed; a condition
is not shown; the person objects. What passes all of them is permitted. An exception can permit a use that the provisions do not,
and never gives the reason of a denial.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final, NamedTuple

from purposegate.engine.decision import Citation, Decision, PolicyStamp, Reason, Shortfall
from purposegate.engine.lookups import NearMiss, near_misses, permitted_names
from purposegate.engine.never import breaches
from purposegate.engine.rules import Rule, RuleIndex, covering, rule_of
from purposegate.engine.use import Context, Standing, Use
from purposegate.errors import PolicyError
from purposegate.findings import closest
from purposegate.policy.hierarchy import Reach
from purposegate.policy.policy import Policy
from purposegate.policy.rules import Kind
from purposegate.policy.terms import ANY, INSTANCE_ID, NAME_LENGTH, RECIPIENT_LENGTH, Names, Role, presentable

_WITHOUT_INSTANCES: Final = frozenset({Role.CONTROLLER, Role.DATA_SUBJECT})
_ACTS_FOR_THE_CONTROLLER: Final = frozenset({Role.CONTROLLER, Role.PROCESSOR})
_RECORDED_BY_CHANNEL: Final = frozenset({Role.THIRD_PARTY, Role.JOINT_USER})
# How many cases, and how many rules, are kept; how many clauses or names a denial shows, and looks through to find them.
_KEPT: Final = 4096
_SHOWN: Final = 12
_LOOKED_THROUGH: Final = 64


class Weighed(NamedTuple):
    """A rule that covers a use, and what keeps it from granting: conditions, the channel, objections."""

    rule: Rule
    unmet: tuple[str, ...] = ()
    fits: bool = True
    objections: tuple[str, ...] = ()

    @property
    def grants(self) -> bool:
        """Whether nothing keeps the rule from granting."""
        return self.fits and not self.unmet and not self.objections


class Derivation(NamedTuple):
    """A decision with the rules that were weighed for it; the judge's own working, kept for people to read."""

    decision: Decision
    openers: tuple[Weighed, ...] = ()
    provisions: tuple[Weighed, ...] = ()
    exceptions: tuple[Weighed, ...] = ()


class _Case(NamedTuple):
    """Three known names, with what they reach and the rules that cover them: what is the same for every use of these names.

    `grants` are provisions and exceptions; there are none for the controller, which needs none.
    """

    role: Role
    data: Reach
    purpose: Reach
    to: Reach
    openers: tuple[Rule, ...]
    grants: tuple[Rule, ...]


class _Question(NamedTuple):
    """A use whose names are all known, and what is known when it is asked."""

    case: _Case
    use: Use
    context: Context
    recipient: str


class Engine:
    """A compiled policy that decides: pure, total, without clock, disk or chance. Safe to share between threads."""

    __slots__ = ("_cases", "_controller", "_grants", "_rules", "_stamp", "_to_anybody", "_uses", "policy")

    def __init__(self, policy: Policy) -> None:
        """Compile a policy; raise `PolicyError` where a `never` of it could be permitted."""
        self.policy = policy
        rules = policy.rules
        self._uses = RuleIndex(rules, range(rules.uses))
        self._grants = RuleIndex(rules, range(rules.uses, len(rules)))
        # The provisions by purpose alone: a denial tells whom they name.
        self._to_anybody = RuleIndex(rules, range(rules.uses, rules.uses + rules.provisions), by_recipient=False)
        self._stamp = PolicyStamp(policy.id, policy.revision, policy.digest, policy.path)
        self._controller = policy.recipients.reach(policy.controller)
        # Cases of declared names and rules that were asked for, the same whichever thread works them out.
        self._cases: dict[tuple[str, str, str, bool], _Case] = {}
        self._rules: dict[int, Rule] = {}
        broken = list(breaches(self, self._uses, self._grants))
        if broken:
            raise PolicyError(broken)

    def decide(self, use: Use, context: Context) -> Decision:
        """Judge one use; never raises for what the use says."""
        return self.derive(use, context).decision

    def derive(self, use: Use, context: Context) -> Derivation:
        """Judge one use and keep the rules that were weighed."""
        recipient = self.policy.controller if use.recipient is None else use.recipient
        declared = self.class_of(recipient)
        stopped = self._stopped(use, recipient, declared, context)
        if stopped is not None:
            return Derivation(stopped)
        case = self._case(use, recipient, declared)
        if case is None:  # the names were found known a moment ago; nobody's word is taken for it
            return Derivation(self._decision(use, recipient, context, Reason.UNKNOWN_RECIPIENT))
        question = _Question(case, use, context, recipient)
        openers = self._openers(question)
        grants = self._weighed_grants(question) if openers else ()
        provisions = tuple(grant for grant in grants if grant.rule.kind is Kind.PROVISION)
        exceptions = tuple(grant for grant in grants if grant.rule.kind is Kind.EXCEPTION and case.role is not Role.PROCESSOR)
        return Derivation(self._judged(question, openers, provisions, exceptions), openers, provisions, exceptions)

    def conditions(self, use: Use) -> frozenset[str]:
        """Give the conditions that decide over a use: those of every rule that covers it; none for an unknown name."""
        case = self._known(use)
        if case is None:
            return frozenset()
        return frozenset(condition for rule in (*case.openers, *case.grants) for condition in rule.conditions)

    def permitted_categories(self, purpose: str, recipient: str | None, context: Context) -> tuple[str, ...]:
        """Give every data category that may be used for a purpose by a recipient, in the policy's order."""
        return permitted_names(self.decide, self.policy.categories, lambda name: Use(name, purpose, recipient), context)

    def permitted_purposes(self, data_category: str, recipient: str | None, context: Context) -> tuple[str, ...]:
        """Give every purpose for which a recipient may use a data category, in the policy's order."""
        return permitted_names(self.decide, self.policy.purposes, lambda name: Use(data_category, name, recipient), context)

    def permitted_recipients(self, data_category: str, purpose: str, context: Context) -> tuple[str, ...]:
        """Give every class of recipients that may use a data category for a purpose, in the policy's order."""
        return permitted_names(self.decide, self.policy.recipients, lambda name: Use(data_category, purpose, name), context)

    def near_misses(self, use: Use, context: Context) -> tuple[NearMiss, ...]:
        """Give what would have been permitted instead of a denied use, the cheapest change first; none left out."""
        return near_misses(self.decide, self.policy, use, context)

    def class_of(self, recipient: object) -> str | None:
        """Give the declared class of a recipient or of its instance `class/id`; None for an unknown one."""
        if not isinstance(recipient, str) or len(recipient) > RECIPIENT_LENGTH:
            return None
        if recipient in self.policy.recipients:
            return recipient
        declared, slash, instance = recipient.partition("/")
        if not slash or declared not in self.policy.recipients or not INSTANCE_ID.match(instance):
            return None
        return None if self.policy.role(declared) in _WITHOUT_INSTANCES else declared

    def knows(self, use: Use) -> bool:
        """Tell whether all three names of a use are known."""
        return self._known(use) is not None

    def within(self, use: Use, *, data: Names = ANY, purposes: Names = ANY, recipients: Names = ANY) -> bool:
        """Tell whether a use lies wholly under names that something was granted for; an unknown use lies under none."""
        case = self._known(use)
        return (
            case is not None
            and _under(data, case.data)
            and _under(purposes, case.purpose)
            and (_under(recipients, case.to) or use.recipient in recipients)
        )

    def touches(self, use: Use, *, data: Names = ANY, purposes: Names = ANY, recipients: Names = ANY) -> bool:
        """Tell whether a use shares anything with names that something was refused for.

        An unknown name is taken to share: what a person refused is read widely.
        """
        case = self._known(use)
        return case is None or self._touched(case, use.recipient, data, purposes, recipients)

    def _stopped(self, use: Use, recipient: object, declared: str | None, context: Context) -> Decision | None:  # noqa: PLR0911 - one line a reason
        """Stop a use whose names or circumstances allow no judgment of it."""
        policy = self.policy
        begins = policy.in_force_from
        if begins is not None and context.at < begins:
            return self._decision(use, recipient, context, Reason.NOT_IN_FORCE)
        if use.data_category not in policy.categories:
            nearest = _closest(use.data_category, policy.categories)
            return self._decision(use, recipient, context, Reason.UNKNOWN_CATEGORY, nearest=nearest)
        if use.purpose not in policy.purposes:
            nearest = _closest(use.purpose, policy.purposes)
            return self._decision(use, recipient, context, Reason.UNKNOWN_PURPOSE, nearest=nearest)
        if declared is None:
            nearest = _closest(recipient, policy.recipients)
            return self._decision(use, recipient, context, Reason.UNKNOWN_RECIPIENT, nearest=nearest)
        role = policy.role(declared)
        asked = context.standing is Standing.CONSULTED
        # A gate with a ledger records who got what: only an instance that it knows under this class can be named.
        if asked and role not in _WITHOUT_INSTANCES and (recipient == declared or not context.registered):
            return self._decision(use, recipient, context, Reason.UNKNOWN_RECIPIENT)
        channels = policy.channels
        if use.channel is not None and not (isinstance(use.channel, str) and use.channel in channels):
            nearest = _closest(use.channel, channels) or tuple(channels)
            return self._decision(use, recipient, context, Reason.UNKNOWN_CHANNEL, nearest=nearest)
        if asked and not (isinstance(use.subject, str) and use.subject):
            return self._decision(use, recipient, context, Reason.SUBJECT_REQUIRED)
        if asked and role in _RECORDED_BY_CHANNEL and use.channel is None:
            return self._decision(use, recipient, context, Reason.CHANNEL_REQUIRED)
        return None

    def _known(self, use: Use) -> _Case | None:
        """Resolve a use's names; None where one of them is unknown."""
        recipient = self.policy.controller if use.recipient is None else use.recipient
        return self._case(use, recipient, self.class_of(recipient))

    def _case(self, use: Use, recipient: str, declared: str | None) -> _Case | None:
        policy = self.policy
        if declared is None or use.data_category not in policy.categories or use.purpose not in policy.purposes:
            return None
        # An instance has nothing under it: it overlaps what it lies under, and nothing beside it.
        # INVARIANT: plain text, and known as such: a subclass of `str` may equal what it likes, another thing each time.
        key = (str.__str__(use.data_category), str.__str__(use.purpose), str.__str__(declared), recipient != declared)
        if key[0] not in policy.categories or key[1] not in policy.purposes or key[2] not in policy.recipients:
            return None
        case = self._cases.get(key)
        if case is None:
            case = self._found(*key)
            if len(self._cases) >= _KEPT:
                self._cases.clear()
            self._cases[key] = case
        return case

    def _found(self, data_category: str, purpose: str, declared: str, alone: bool) -> _Case:  # noqa: FBT001 - one part of the key
        policy = self.policy
        data = policy.categories.reach(data_category)
        why = policy.purposes.reach(purpose)
        to = policy.recipients.reach(declared, alone=alone)
        role = policy.role(declared)
        openers = covering(policy.rules, self._uses, data, why, None)
        if role in _ACTS_FOR_THE_CONTROLLER:
            openers = [ordinal for ordinal in openers if ordinal not in policy.rules.provision_only]
        given = [] if role is Role.CONTROLLER else covering(policy.rules, self._grants, data, why, to)
        return _Case(role, data, why, to, tuple(map(self._rule, openers)), tuple(map(self._rule, given)))

    def _rule(self, ordinal: int) -> Rule:
        rule = self._rules.get(ordinal)
        if rule is None:
            if len(self._rules) >= _KEPT:
                self._rules.clear()
            rule = self._rules[ordinal] = rule_of(self.policy, ordinal)
        return rule

    def _openers(self, question: _Question) -> tuple[Weighed, ...]:
        case, context = question.case, question.context
        # For the controller and who acts for it, it is the use clause that grants.
        own = case.role in _ACTS_FOR_THE_CONTROLLER
        return tuple(
            Weighed(rule, _unmet(rule, context), objections=self._defeating(rule, question) if own else ()) for rule in case.openers
        )

    def _weighed_grants(self, question: _Question) -> tuple[Weighed, ...]:
        case, context = question.case, question.context
        own = case.role in _ACTS_FOR_THE_CONTROLLER
        return tuple(
            Weighed(
                rule,
                unmet=_unmet(rule, context),
                fits=_fits(rule, question),
                objections=() if own else self._defeating(rule, question),
            )
            for rule in case.grants
        )

    def _defeating(self, rule: Rule, question: _Question) -> tuple[str, ...]:
        if not question.context.objections:
            return ()
        return tuple(
            name
            for name in sorted(question.context.objections)
            if self._hits(name, question) and not self._exempts(name, rule.citation.clause)
        )

    def _exempts(self, objection: str, clause: str) -> bool:
        declared = self.policy.objections.get(objection)
        return declared is not None and clause in declared.exempt

    def _hits(self, name: str, question: _Question) -> bool:
        objection = self.policy.objections.get(name)
        if objection is None:
            return True  # an objection that the policy does not declare takes out everything, rather than nothing
        return self._touched(question.case, question.recipient, objection.data, objection.purposes, objection.recipients)

    def _touched(self, case: _Case, recipient: str | None, data: Names, purposes: Names, recipients: Names) -> bool:
        return (
            _overlap(data, case.data)
            and _overlap(purposes, case.purpose)
            and (recipients == ANY or any(self._meets(name, case, recipient) for name in recipients))
        )

    def _meets(self, objected: str, case: _Case, recipient: str | None) -> bool:
        declared = self.class_of(objected)
        if declared is None:
            return True
        number = self.policy.recipients.number(declared)
        if objected != declared:  # an instance: met by itself, and by a use that names its class or one above
            above = self.policy.recipients.numbers_above(number)
            return objected == recipient or (not case.to.alone and case.to.number in above)
        # What covers the controller covers its processors.
        acts = case.role is Role.PROCESSOR and number in self._controller.overlapping
        return acts or number in case.to.overlapping

    def _judged(
        self,
        question: _Question,
        openers: tuple[Weighed, ...],
        provisions: tuple[Weighed, ...],
        exceptions: tuple[Weighed, ...],
    ) -> Decision:
        """Decide over a use that can be judged: permitted where nothing stands in the way, else where it was stopped."""
        if not openers:
            return self._undeclared(question)
        alone = question.case.role is Role.CONTROLLER  # what the controller does itself needs no provision
        free = tuple(opener for opener in openers if opener.grants)
        given = tuple(grant for grant in (*provisions, *exceptions) if grant.grants)
        if free and (alone or given):
            channels = () if question.use.channel else _listed_channels(given)
            return self._verdict(question, Reason.PERMITTED, (*free, *given), channels=channels)

        lacks = tuple(_shortfall(exception, openers) for exception in exceptions)
        if not alone and not provisions:
            return self._unlisted(question, openers, lacks)
        fitting = tuple(provision for provision in provisions if provision.fits)
        if not alone and not fitting:
            channels = _listed_channels(provisions)
            return self._verdict(question, Reason.UNLISTED_CHANNEL, (*openers, *provisions), channels=channels, exceptions=lacks)
        shown = tuple(opener for opener in openers if not opener.unmet)
        met = tuple(provision for provision in fitting if not provision.unmet)
        if not shown or not (alone or met):
            unmet = _fewest(openers, fitting)
            return self._verdict(question, Reason.UNMET_CONDITION, (*openers, *fitting), unmet=unmet, exceptions=lacks)
        names = tuple(dict.fromkeys(name for weighed in (*shown, *met) for name in weighed.objections))
        return self._verdict(question, Reason.OBJECTION_IN_FORCE, (*shown, *met), objections=names, exceptions=lacks)

    def _undeclared(self, question: _Question) -> Decision:
        """Cite the use clauses that open the purpose, for other data or for provision only."""
        rules, purpose, data = self.policy.rules, question.case.purpose, question.case.data
        listing = self._uses.listing(purpose.above, (), most=_LOOKED_THROUGH)
        near = [ordinal for ordinal in listing if rules.purpose_scopes.covers(rules.purposes[ordinal], purpose)]
        if not near:
            listing = self._uses.listing(_few(purpose), (), most=_LOOKED_THROUGH)
            near = [ordinal for ordinal in listing if rules.purpose_scopes.overlaps(rules.purposes[ordinal], purpose)]
        other_data = [rules.data[ordinal] for ordinal in near if not rules.data_scopes.covers(rules.data[ordinal], data)]
        names = dict.fromkeys(name for scope in other_data for name in _listed(rules.data_scopes.named(scope)))
        return self._decision(
            question.use,
            question.recipient,
            question.context,
            Reason.UNDECLARED_PURPOSE,
            citations=self._cited(near),
            nearest=tuple(sorted(islice(names, _SHOWN))),
        )

    def _unlisted(self, question: _Question, openers: tuple[Weighed, ...], shortfalls: tuple[Shortfall, ...]) -> Decision:
        """Cite what opens the purpose and the provisions that list the recipient for something else."""
        case, rules = question.case, self.policy.rules
        others = (
            ordinal
            for ordinal in self._grants.listing(None, _few(case.to), most=_LOOKED_THROUGH)
            if rules.kind(ordinal) is Kind.PROVISION and rules.recipient_scopes.overlaps(rules.recipients[ordinal], case.to)
        )
        listed = dict.fromkeys(
            name
            for ordinal in self._to_anybody.listing(case.purpose.above, (), case.data.above, most=_LOOKED_THROUGH)
            if rules.covers(ordinal, case.data, case.purpose, None)
            for name in _listed(rules.recipient_scopes.named(rules.recipients[ordinal]))
            # What is opened for provision only is opened for no processor.
            if self.policy.role(name) is not Role.PROCESSOR or not all(opener.rule.provision_only for opener in openers)
        )
        return self._decision(
            question.use,
            question.recipient,
            question.context,
            Reason.UNLISTED_RECIPIENT,
            citations=(*_citations(opener.rule for opener in openers), *self._cited(others)),
            nearest=tuple(sorted(islice(listed, _SHOWN))),
            exceptions=shortfalls,
        )

    def _cited(self, ordinals: Iterable[int]) -> tuple[Citation, ...]:
        return _citations(map(self._rule, islice(ordinals, _SHOWN)))

    def _verdict(
        self,
        question: _Question,
        reason: Reason,
        rules: tuple[Weighed, ...],
        *,
        unmet: tuple[str, ...] = (),
        channels: tuple[str, ...] = (),
        objections: tuple[str, ...] = (),
        exceptions: tuple[Shortfall, ...] = (),
    ) -> Decision:
        declared = self.policy.objections
        objected = [
            Citation(declared[name].clause, declared[name].quote, self.policy.place("objections", name))
            for name in objections
            if name in declared
        ]
        return self._decision(
            question.use,
            question.recipient,
            question.context,
            reason,
            citations=(*_citations(weighed.rule for weighed in rules), *objected),
            unmet=unmet,
            channels=channels,
            objections=objections,
            exceptions=exceptions,
        )

    def _decision(
        self,
        use: Use,
        recipient: object,
        context: Context,
        reason: Reason,
        *,
        citations: tuple[Citation, ...] = (),
        unmet: tuple[str, ...] = (),
        channels: tuple[str, ...] = (),
        objections: tuple[str, ...] = (),
        exceptions: tuple[Shortfall, ...] = (),
        nearest: tuple[str, ...] = (),
    ) -> Decision:
        return Decision(
            data_category=presentable(use.data_category),
            purpose=presentable(use.purpose),
            recipient=presentable(recipient, self.policy.recipients),
            reason=reason,
            policy=self._stamp,
            citations=citations,
            unmet=unmet,
            channels=channels,
            objections=objections,
            exceptions=exceptions,
            nearest=nearest,
            standing=context.standing,
        )


def _under(names: Names, reach: Reach) -> bool:
    return names == ANY or any(name in reach.hierarchy and reach.hierarchy.number(name) in reach.above for name in names)


def _overlap(names: Names, reach: Reach) -> bool:
    hierarchy = reach.hierarchy
    return names == ANY or any(name not in hierarchy or hierarchy.number(name) in reach.overlapping for name in names)


def _few(reach: Reach) -> frozenset[int]:
    """Give what a name overlaps, or only what it lies under where that is too much to look through."""
    overlapping = reach.overlapping
    return overlapping if len(overlapping) <= _LOOKED_THROUGH else reach.above


def _listed(names: Names) -> Names:
    return () if names == ANY else names


def _unmet(rule: Rule, context: Context) -> tuple[str, ...]:
    return tuple(condition for condition in rule.conditions if condition not in context.shown)


def _fits(rule: Rule, question: _Question) -> bool:
    if rule.channels is None:
        return True
    if question.use.channel is None:
        return question.context.standing is Standing.NOT_CONSULTED
    return question.use.channel in rule.channels


def _listed_channels(grants: Iterable[Weighed]) -> tuple[str, ...]:
    """Give the channels that all of these together leave: none are named where one of them says any."""
    listed: dict[str, None] = {}
    for grant in grants:
        if grant.rule.channels is None:
            return ()
        listed.update(dict.fromkeys(grant.rule.channels))
    return tuple(listed)


def _fewest(*lacking: tuple[Weighed, ...]) -> tuple[str, ...]:
    """Give the conditions that the rule with the fewest of them lacks, for each of the rules' stages."""
    names: dict[str, None] = {}
    for rules in lacking:
        if rules:
            nearest = min(rules, key=lambda weighed: (len(weighed.unmet), sorted(weighed.unmet)))
            names.update(dict.fromkeys(nearest.unmet))
    return tuple(names)


def _shortfall(exception: Weighed, openers: tuple[Weighed, ...]) -> Shortfall:
    return Shortfall(
        citation=exception.rule.citation,
        unmet=_fewest(openers, (exception,)),
        channels=() if exception.fits else exception.rule.channels or (),
        objections=exception.objections,
    )


def _citations(rules: Iterable[Rule]) -> tuple[Citation, ...]:
    return tuple(rule.citation for rule in rules)


def _closest(name: object, known: Iterable[str]) -> tuple[str, ...]:
    return closest(name, known) if isinstance(name, str) and len(name) <= NAME_LENGTH else ()
