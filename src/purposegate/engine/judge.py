"""The one judge: a use and what is known of it → the decision (DESIGN §4).

A use is stopped at the first of these: the policy is not in force; a name is unknown; the gate's ledger needs a subject or a
channel; no use clause covers the data and the purpose; no provision covers the recipient; the channel is not listed; a condition
is not shown; the person objects. What passes all of them is permitted. An exception can permit a use that the provisions do not,
and never gives the reason of a denial.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from purposegate.engine.decision import Citation, Decision, PolicyStamp, Reason, Shortfall
from purposegate.engine.lookups import NearMiss, near_misses, permitted_names
from purposegate.engine.never import breaches
from purposegate.engine.rules import Kind, Reach, Rule, RuleIndex, compile_objections, compile_rules
from purposegate.engine.use import Context, Standing, Use
from purposegate.errors import PolicyError
from purposegate.findings import closest
from purposegate.policy.hierarchy import Hierarchy
from purposegate.policy.policy import Policy
from purposegate.policy.terms import ANY, INSTANCE_ID, NAME_LENGTH, RECIPIENT_LENGTH, Names, Role, presentable

_WITHOUT_INSTANCES = frozenset({Role.CONTROLLER, Role.DATA_SUBJECT})
_ACTS_FOR_THE_CONTROLLER = frozenset({Role.CONTROLLER, Role.PROCESSOR})
_RECORDED_BY_CHANNEL = frozenset({Role.THIRD_PARTY, Role.JOINT_USER})
_NOBODY = Reach(frozenset(), frozenset())
_NOTHING_KNOWN = Context(datetime.max.replace(tzinfo=UTC))


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


class _Question(NamedTuple):
    """A use whose names are all known, with what they reach."""

    use: Use
    context: Context
    recipient: str
    role: Role
    data: Reach
    purpose: Reach
    to: Reach


class Engine:
    """A compiled policy that decides: pure, total, without clock, disk or chance. Safe to share between threads."""

    __slots__ = ("_controller", "_grants", "_objections", "_stamp", "_uses", "policy")

    def __init__(self, policy: Policy) -> None:
        """Compile a policy; raise `PolicyError` where a `never` of it could be permitted."""
        self.policy = policy
        rules = list(compile_rules(policy))
        self._uses = RuleIndex(rule for rule in rules if rule.kind is Kind.USE)
        self._grants = RuleIndex(rule for rule in rules if rule.kind is not Kind.USE)
        self._objections = compile_objections(policy)
        self._stamp = PolicyStamp(policy.id, policy.revision, policy.digest, policy.path)
        self._controller = _reach(policy.recipients, policy.controller)
        broken = list(breaches(self, self._uses, self._grants))
        if broken:
            raise PolicyError(broken)

    def decide(self, use: Use, context: Context) -> Decision:
        """Judge one use; never raises for what the use says."""
        return self.derive(use, context).decision

    def derive(self, use: Use, context: Context) -> Derivation:
        """Judge one use and keep the rules that were weighed."""
        recipient = self.policy.controller if use.recipient is None else use.recipient
        stopped = self._stopped(use, recipient, context)
        if stopped is not None:
            return Derivation(stopped)
        question = self._known(use, context)
        if question is None:  # the names were found known a moment ago; nobody's word is taken for it
            return Derivation(self._decision(use, recipient, context, Reason.UNKNOWN_RECIPIENT))
        openers = self._openers(question)
        grants = () if question.role is Role.CONTROLLER or not openers else self._weighed_grants(question)
        provisions = tuple(grant for grant in grants if grant.rule.kind is Kind.PROVISION)
        exceptions = tuple(grant for grant in grants if grant.rule.kind is Kind.EXCEPTION and question.role is not Role.PROCESSOR)
        return Derivation(self._judged(question, openers, provisions, exceptions), openers, provisions, exceptions)

    def conditions(self, use: Use) -> frozenset[str]:
        """Give the conditions that decide over a use: those of every rule that covers it; none for an unknown name."""
        question = self._known(use, _NOTHING_KNOWN)
        if question is None:
            return frozenset()
        rules = [*self._covering(self._uses, question), *self._covering(self._grants, question)]
        return frozenset(condition for rule in rules for condition in rule.conditions)

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
        return self._known(use, _NOTHING_KNOWN) is not None

    def within(self, use: Use, *, data: Names = ANY, purposes: Names = ANY, recipients: Names = ANY) -> bool:
        """Tell whether a use lies wholly under names that something was granted for; an unknown use lies under none."""
        question = self._known(use, _NOTHING_KNOWN)
        return question is not None and (
            _under(data, question.data.above)
            and _under(purposes, question.purpose.above)
            and _under(recipients, question.to.above | {question.recipient})
        )

    def touches(self, use: Use, *, data: Names = ANY, purposes: Names = ANY, recipients: Names = ANY) -> bool:
        """Tell whether a use shares anything with names that something was refused for.

        An unknown name is taken to share: what a person refused is read widely.
        """
        question = self._known(use, _NOTHING_KNOWN)
        return question is None or self._touched(question, data, purposes, recipients)

    def _stopped(self, use: Use, recipient: object, context: Context) -> Decision | None:  # noqa: PLR0911 - one line a reason
        """Stop a use whose names or circumstances allow no judgment of it."""
        policy = self.policy
        begins = policy.in_force_from
        if begins is not None and context.at < begins:
            return self._decision(use, recipient, context, Reason.NOT_IN_FORCE)
        for name, known, reason in (
            (use.data_category, policy.categories, Reason.UNKNOWN_CATEGORY),
            (use.purpose, policy.purposes, Reason.UNKNOWN_PURPOSE),
        ):
            if not isinstance(name, str) or name not in known:
                return self._decision(use, recipient, context, reason, nearest=_closest(name, known))
        declared = self.class_of(recipient)
        if declared is None:
            nearest = _closest(recipient, policy.recipients)
            return self._decision(use, recipient, context, Reason.UNKNOWN_RECIPIENT, nearest=nearest)
        role = policy.role(declared)
        asked = context.standing is Standing.CONSULTED
        # A gate with a ledger records who got what: only an instance that it knows under this class can be named.
        if asked and role not in _WITHOUT_INSTANCES and (recipient == declared or not context.registered):
            return self._decision(use, recipient, context, Reason.UNKNOWN_RECIPIENT)
        channels = policy.document.channels
        if use.channel is not None and not (isinstance(use.channel, str) and use.channel in channels):
            nearest = _closest(use.channel, channels) or tuple(channels)
            return self._decision(use, recipient, context, Reason.UNKNOWN_CHANNEL, nearest=nearest)
        if asked and not (isinstance(use.subject, str) and use.subject):
            return self._decision(use, recipient, context, Reason.SUBJECT_REQUIRED)
        if asked and role in _RECORDED_BY_CHANNEL and use.channel is None:
            return self._decision(use, recipient, context, Reason.CHANNEL_REQUIRED)
        return None

    def _known(self, use: Use, context: Context) -> _Question | None:
        """Resolve a use's names; None where one of them is unknown."""
        recipient = self.policy.controller if use.recipient is None else use.recipient
        known = use.data_category in self.policy.categories and use.purpose in self.policy.purposes
        declared = self.class_of(recipient)
        return self._question(use, recipient, declared, context) if known and declared is not None else None

    def _question(self, use: Use, recipient: str, declared: str, context: Context) -> _Question:
        policy = self.policy
        to = _reach(policy.recipients, declared)
        if recipient != declared:
            # An instance has nothing under it: it overlaps what it lies under, and nothing beside it.
            to = Reach(to.above, to.above)
        return _Question(
            use=use,
            context=context,
            recipient=recipient,
            role=policy.role(declared),
            data=_reach(policy.categories, use.data_category),
            purpose=_reach(policy.purposes, use.purpose),
            to=to,
        )

    def _covering(self, rules: RuleIndex, question: _Question) -> list[Rule]:
        to = _NOBODY if rules is self._uses else question.to
        return [
            rule
            for rule in rules.listing(question.purpose.above, to.above)
            if rule.data.covers(question.data) and rule.purposes.covers(question.purpose) and rule.recipients.covers(to)
        ]

    def _openers(self, question: _Question) -> tuple[Weighed, ...]:
        own = question.role in _ACTS_FOR_THE_CONTROLLER
        return tuple(
            Weighed(
                rule,
                unmet=_unmet(rule, question.context),
                # For the controller and who acts for it, it is the use clause that grants.
                objections=self._defeating(rule, question) if own else (),
            )
            for rule in self._covering(self._uses, question)
            if not (own and rule.provision_only)
        )

    def _weighed_grants(self, question: _Question) -> tuple[Weighed, ...]:
        own = question.role in _ACTS_FOR_THE_CONTROLLER
        return tuple(
            Weighed(
                rule,
                unmet=_unmet(rule, question.context),
                fits=_fits(rule, question),
                objections=() if own else self._defeating(rule, question),
            )
            for rule in self._covering(self._grants, question)
        )

    def _defeating(self, rule: Rule, question: _Question) -> tuple[str, ...]:
        return tuple(
            name
            for name in sorted(question.context.objections)
            if self._hits(name, question) and rule.citation.clause not in self._exempt(name)
        )

    def _exempt(self, objection: str) -> frozenset[str]:
        declared = self._objections.get(objection)
        return declared.exempt if declared else frozenset()

    def _hits(self, name: str, question: _Question) -> bool:
        objection = self._objections.get(name)
        if objection is None:
            return True  # an objection that the policy does not declare takes out everything, rather than nothing
        return self._touched(question, objection.data, objection.purposes, objection.recipients)

    def _touched(self, question: _Question, data: Names, purposes: Names, recipients: Names) -> bool:
        policy = self.policy
        return (
            _overlap(data, question.data.overlapping, policy.categories)
            and _overlap(purposes, question.purpose.overlapping, policy.purposes)
            and (recipients == ANY or any(self._meets(name, question) for name in recipients))
        )

    def _meets(self, recipient: str, question: _Question) -> bool:
        declared = self.class_of(recipient)
        if declared is None:
            return True
        if recipient != declared:  # an instance: met by itself, and by a use that names its class or one above
            above = self.policy.recipients.above(declared)
            return question.recipient == recipient or question.recipient in above
        # What covers the controller covers its processors.
        acts = question.role is Role.PROCESSOR and declared in self._controller.overlapping
        return acts or declared in question.to.overlapping

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
        alone = question.role is Role.CONTROLLER  # what the controller does itself needs no provision
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
            unmet = _fewest(() if shown else openers, () if met else fitting)
            return self._verdict(question, Reason.UNMET_CONDITION, (*openers, *fitting), unmet=unmet, exceptions=lacks)
        names = tuple(dict.fromkeys(name for weighed in (*shown, *met) for name in weighed.objections))
        return self._verdict(question, Reason.OBJECTION_IN_FORCE, (*shown, *met), objections=names, exceptions=lacks)

    def _undeclared(self, question: _Question) -> Decision:
        """Cite the use clauses that open the purpose, for other data or for provision only."""
        listing = self._uses.listing(question.purpose.above, frozenset())
        near = [rule for rule in listing if rule.purposes.covers(question.purpose)]
        if not near:
            near = [rule for rule in self._uses if rule.purposes.overlaps(question.purpose)]
        other_data = [rule for rule in near if not rule.data.covers(question.data)]
        names = sorted({name for rule in other_data for name in rule.data.names or ()})
        return self._decision(
            question.use,
            question.recipient,
            question.context,
            Reason.UNDECLARED_PURPOSE,
            citations=_citations(near),
            nearest=tuple(names),
        )

    def _unlisted(self, question: _Question, openers: tuple[Weighed, ...], shortfalls: tuple[Shortfall, ...]) -> Decision:
        """Cite what opens the purpose and the provisions that list the recipient for something else."""
        provisions = [rule for rule in self._grants if rule.kind is Kind.PROVISION]
        others = [rule for rule in provisions if rule.recipients.overlaps(question.to)]
        listing = [rule for rule in provisions if rule.data.covers(question.data) and rule.purposes.covers(question.purpose)]
        only_provision = all(opener.rule.provision_only for opener in openers)
        listed = {
            name
            for rule in listing
            for name in rule.recipients.names or ()
            if not (only_provision and self.policy.role(name) is Role.PROCESSOR)
        }
        return self._decision(
            question.use,
            question.recipient,
            question.context,
            Reason.UNLISTED_RECIPIENT,
            citations=(*_citations(opener.rule for opener in openers), *_citations(others)),
            nearest=tuple(sorted(listed)),
            exceptions=shortfalls,
        )

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
        nearest: tuple[str, ...] = (),
    ) -> Decision:
        objected = [self._objections[name].citation for name in objections if name in self._objections]
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
            nearest=nearest,
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


def _reach(hierarchy: Hierarchy, name: str) -> Reach:
    return Reach(hierarchy.above(name), hierarchy.overlapping(name))


def _under(names: Names, above: frozenset[str]) -> bool:
    return names == ANY or not above.isdisjoint(names)


def _overlap(names: Names, overlapping: frozenset[str], hierarchy: Hierarchy) -> bool:
    return names == ANY or any(name in overlapping or name not in hierarchy for name in names)


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
    unopened = () if any(not opener.unmet for opener in openers) else openers
    return Shortfall(
        citation=exception.rule.citation,
        unmet=_fewest(unopened, (exception,)),
        channels=() if exception.fits else exception.rule.channels or (),
        objections=exception.objections,
    )


def _citations(rules: Iterable[Rule]) -> tuple[Citation, ...]:
    return tuple(rule.citation for rule in rules)


def _closest(name: object, known: Iterable[str]) -> tuple[str, ...]:
    return closest(name, known) if isinstance(name, str) and len(name) <= NAME_LENGTH else ()
