"""Judges that are wrong in one way each: a proof that lets one of them pass proves nothing of that.

Each takes a policy's document, as the right judge does, and differs from it in what it is told, in what it makes of the policy, or
in what it answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cases import SECTIONS, Data, Judge, a_judge
from spec import is_under, overlap, role_of

from purposegate import Context, Decision, Reason, Standing, Use

Broken = Callable[[Data], Judge]


def forgets_objections(document: Data) -> Judge:
    """Judge as if nobody had objected."""
    return _told(document, lambda context: replace(context, objections=frozenset()))


def takes_every_condition_for_shown(document: Data) -> Judge:
    """Judge as if everything had been shown."""
    return _told(document, lambda context: replace(context, shown=frozenset(document["conditions"])))


def overlooks_the_ledger(document: Data) -> Judge:
    """Judge as a gate without a ledger would."""
    return _told(document, lambda context: replace(context, standing=Standing.NOT_CONSULTED))


def takes_every_instance_for_registered(document: Data) -> Judge:
    """Judge as if the ledger knew every company."""
    return _told(document, lambda context: replace(context, registered=True))


def is_always_in_force(document: Data) -> Judge:
    """Judge as if the policy's day had come."""
    return _told(document, lambda context: replace(context, at=datetime(3000, 1, 1, tzinfo=UTC)))


def hears_only_objections_that_cover_the_data(document: Data) -> Judge:
    """Let pass whole categories of which the person has refused a part."""

    def covering(name: str, category: str) -> bool:
        listed = document["objections"][name]["data"]
        known = category in document["categories"]
        return listed == "any" or (known and any(is_under(document, "categories", category, each) for each in listed))

    judge = a_judge(document)

    def decide(use: Use, context: Context) -> Decision:
        heard = frozenset(name for name in context.objections if covering(name, use.data_category))
        return judge(use, replace(context, objections=heard))

    return decide


def lets_processors_do_what_the_controller_may_not(document: Data) -> Judge:
    """Hear no objection to the controller where a processor acts for it."""

    def naming(name: str, recipient: str) -> bool:
        listed = document["objections"][name]["recipients"]
        return listed == "any" or any(overlap(document, "recipients", recipient, each) for each in listed)

    judge = a_judge(document)

    def decide(use: Use, context: Context) -> Decision:
        if use.recipient is None or role_of(document, use.recipient) != "processor":
            return judge(use, context)
        heard = frozenset(name for name in context.objections if naming(name, use.recipient))
        return judge(use, replace(context, objections=heard))

    return decide


def takes_an_instance_for_its_class(document: Data) -> Judge:
    """Let an instance be hit by an objection to what stands beside it under its class."""
    return _asked(document, lambda use: replace(use, recipient=use.recipient and use.recipient.partition("/")[0]))


def forgets_the_channel(document: Data) -> Judge:
    """Judge as if the use named no channel."""
    return _asked(document, lambda use: replace(use, channel=None))


def takes_an_unknown_recipient_for_the_controller(document: Data) -> Judge:
    """Let anybody who is not known do what the controller may."""
    return _asked(document, lambda use: use if use.recipient and role_of(document, use.recipient) else replace(use, recipient=None))


def follows_the_first_parent_only(document: Data) -> Judge:
    """Forget that a category can have several parents."""
    categories = document["categories"].items()
    return a_judge(document | {"categories": {name: {"parent": each.get("parent", [])[:1]} for name, each in categories}})


def forgets_what_is_excepted(document: Data) -> Judge:
    """Read every rule without its `except`."""
    return a_judge(_with_rules(document, lambda rule: {key: value for key, value in rule.items() if key != "except"}))


def does_what_is_for_provision_only(document: Data) -> Judge:
    """Let the controller itself do what it may only give to others for."""
    return a_judge(_with_rules(document, lambda rule: rule | ({"provision_only": False} if "provision_only" in rule else {})))


def exempts_nothing(document: Data) -> Judge:
    """Let an objection defeat even what it says it does not."""
    objections = document["objections"].items()
    return a_judge(document | {"objections": {name: each | {"exempt": []} for name, each in objections}})


def takes_exceptions_for_provisions(document: Data) -> Judge:
    """Let an exception give the reason of a denial, and permit processors something."""
    return a_judge(document | {"provisions": [*document["provisions"], *document["exceptions"]], "exceptions": []})


def takes_processors_for_third_parties(document: Data) -> Judge:
    """Let processors do more than the controller may."""
    return _with_the_role(document, "processor", "third_party")


def takes_the_person_for_a_third_party(document: Data) -> Judge:
    """Ask of the person whose data they are what is asked of a company."""
    return _with_the_role(document, "data_subject", "third_party")


def begins_the_day_somewhere_else(document: Data) -> Judge:
    """Bring the policy into force at midnight of another time zone than its own."""
    return a_judge({section: part for section, part in document.items() if section != "amendments"})


def cites_the_first_clause_only(document: Data) -> Judge:
    """Permit the right uses and name only half of the reason."""
    return _answering(document, lambda decision: replace(decision, citations=decision.citations[:1]))


def calls_an_objection_an_unmet_condition(document: Data) -> Judge:
    """Deny the right uses for a wrong reason."""
    objected = Reason.OBJECTION_IN_FORCE
    return _answering(
        document, lambda decision: replace(decision, reason=Reason.UNMET_CONDITION) if decision.reason is objected else decision
    )


def lists_the_channels_of_one_provision(document: Data) -> Judge:
    """Oblige to one channel where the provisions together leave several."""
    return _answering(document, lambda decision: replace(decision, channels=decision.channels[:1]))


def keeps_its_exceptions_to_itself(document: Data) -> Judge:
    """Deny without telling which exception could have permitted."""
    return _answering(document, lambda decision: replace(decision, exceptions=()))


def tells_half_of_what_an_exception_lacks(document: Data) -> Judge:
    """Promise that one condition would do where two are needed."""

    def halved(decision: Decision) -> Decision:
        return replace(decision, exceptions=tuple(replace(lack, unmet=lack.unmet[:1]) for lack in decision.exceptions))

    return _answering(document, halved)


BROKEN: tuple[Broken, ...] = (
    forgets_objections,
    takes_every_condition_for_shown,
    overlooks_the_ledger,
    takes_every_instance_for_registered,
    is_always_in_force,
    hears_only_objections_that_cover_the_data,
    lets_processors_do_what_the_controller_may_not,
    takes_an_instance_for_its_class,
    forgets_the_channel,
    takes_an_unknown_recipient_for_the_controller,
    follows_the_first_parent_only,
    forgets_what_is_excepted,
    does_what_is_for_provision_only,
    exempts_nothing,
    takes_exceptions_for_provisions,
    takes_processors_for_third_parties,
    takes_the_person_for_a_third_party,
    begins_the_day_somewhere_else,
    cites_the_first_clause_only,
    calls_an_objection_an_unmet_condition,
    lists_the_channels_of_one_provision,
    keeps_its_exceptions_to_itself,
    tells_half_of_what_an_exception_lacks,
)


def _told(document: Data, otherwise: Callable[[Context], Context]) -> Judge:
    judge = a_judge(document)
    return lambda use, context: judge(use, otherwise(context))


def _asked(document: Data, otherwise: Callable[[Use], Use]) -> Judge:
    judge = a_judge(document)
    return lambda use, context: judge(otherwise(use), context)


def _answering(document: Data, otherwise: Callable[[Decision], Decision]) -> Judge:
    judge = a_judge(document)
    return lambda use, context: otherwise(judge(use, context))


def _with_the_role(document: Data, role: str, other: str) -> Judge:
    recipients = document["recipients"].items()
    return a_judge(
        document | {"recipients": {name: {"role": other} if each.get("role") == role else each for name, each in recipients}}
    )


def _with_rules(document: Data, otherwise: Callable[[Data], Data]) -> Data:
    changed: dict[str, Any] = {section: [otherwise(rule) for rule in document[section]] for section in SECTIONS}
    return document | changed
