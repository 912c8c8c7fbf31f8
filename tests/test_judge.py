"""What the judge answers, as whole decisions: the reason, what is cited and in which order, and the way out that it tells."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from builders import NOW, a_context, a_document, a_policy, a_provision, a_use_clause, an_engine, an_objection, as_yaml

from purposegate import Citation, Context, Decision, Engine, Location, Reason, Shortfall, Standing, Use
from purposegate.engine import judge
from purposegate.engine.decision import PolicyStamp
from purposegate.policy.rules import Kind

Data = dict[str, Any]
NAMES: Data = {
    "categories": {
        "person": {},
        "name": {"parent": "person"},
        "phone": {"parent": "person"},
        "address": {"parent": "person"},
        "cookie": {},
    },
    "purposes": {"service": {}, "shipping": {"parent": "service"}, "express": {"parent": "shipping"}, "raffle": {}, "lawsuit": {}},
    "recipients": {
        "shop": {"role": "controller"},
        "dept": {"parent": "shop"},
        "printer": {"role": "processor"},
        "carrier": {"role": "third_party"},
        "broker": {"parent": "carrier"},
        "partner": {"role": "joint_user"},
        "customer": {"role": "data_subject"},
    },
    "channels": {"post": {}, "web": {}, "fax": {}},
    "conditions": {
        "consent": {"shown_by": "consent"},
        "paid": {"shown_by": "fact"},
        "signed": {"shown_by": "agreement"},
        "ordered": {"shown_by": "claim"},
    },
}
OPENS = a_use_clause(clause="1", quote="ship", data=["person"], purposes=["service"])
GIVES = a_provision(clause="2", quote="parcels", data=["person"], purposes=["service"])


class Office:
    """A judge with the document that it was made from, and what its decisions are made of."""

    def __init__(self, **parts: Any) -> None:
        self.document = a_document(**NAMES | {"uses": [OPENS], "provisions": [GIVES]} | parts)
        self.engine = Engine(a_policy(self.document))
        self.text = as_yaml(self.document).decode()

    def cited(self, *entries: Data) -> tuple[Citation, ...]:
        """Cite entries of the policy at the places where the file has them."""
        return tuple(Citation(entry["clause"], entry["quote"], self.place(entry)) for entry in entries)

    def place(self, entry: Data) -> Location:
        """Tell where an entry begins: one that has a name, with its name."""
        named = next((f"{json.dumps(name)}: " for name, each in self.document["objections"].items() if each is entry), "")
        return Location("shop.yaml", 1, self.text.index(named + json.dumps(entry)) + 1)

    def decision(self, use: Use, reason: Reason, *cited: Data, **parts: Any) -> Decision:
        """Give the decision over a use that is expected."""
        policy = self.engine.policy
        stamp = PolicyStamp("shop", "1", policy.digest, "shop.yaml")
        recipient = use.recipient or "shop"
        return Decision(use.data_category, use.purpose, recipient, reason, stamp, **{"citations": self.cited(*cited)} | parts)

    def decide(self, use: Use, *shown: str, objections: tuple[str, ...] = ()) -> Decision:
        return self.engine.decide(use, a_context(shown, objections))


def to(recipient: str | None = None, channel: str | None = None, data: str = "name", purpose: str = "shipping") -> Use:
    return Use(data, purpose, recipient, channel=channel)


# --- where a use is stopped ---------------------------------------------------------------------------------------------------


def test_a_policy_is_in_force_from_the_first_instant_of_its_day() -> None:
    office = Office(policy={"effective": "2026-01-15"})
    begins = datetime(2026, 1, 15, tzinfo=UTC)

    assert office.engine.decide(to(), Context(begins - timedelta(microseconds=1))) == office.decision(to(), Reason.NOT_IN_FORCE)
    assert office.engine.decide(to(), Context(begins)) == office.decision(to(), Reason.PERMITTED, OPENS)


@pytest.mark.parametrize(
    ("use", "reason", "nearest"),
    [
        (Use("nane", "nothing", "nobody"), Reason.UNKNOWN_CATEGORY, ("name",)),
        (Use("zebra", "shipping"), Reason.UNKNOWN_CATEGORY, ()),
        (Use("name", "shiping", "nobody"), Reason.UNKNOWN_PURPOSE, ("shipping",)),
        (Use("name", "name"), Reason.UNKNOWN_PURPOSE, ()),
        (Use("name", "shipping", "carier", channel="pigeon"), Reason.UNKNOWN_RECIPIENT, ("carrier",)),
        (Use("name", "shipping", "shipping"), Reason.UNKNOWN_RECIPIENT, ()),
        (Use("name", "raffle", "carrier/x", channel="webb"), Reason.UNKNOWN_CHANNEL, ("web",)),
        (Use("name", "raffle", "carrier/x", channel="pigeon"), Reason.UNKNOWN_CHANNEL, ("post", "web", "fax")),
        (Use("name", "raffle", channel=""), Reason.UNKNOWN_CHANNEL, ("post", "web", "fax")),
    ],
)
def test_a_use_is_stopped_at_its_first_unknown_name_and_told_the_nearest(
    use: Use, reason: Reason, nearest: tuple[str, ...]
) -> None:
    office = Office()

    assert office.decide(use) == office.decision(use, reason, nearest=nearest)


@pytest.mark.parametrize("name", [5, ["name"], b"name", "a" * 257, "my secret"])
def test_what_is_no_name_is_unknown_and_never_repeated(name: Any) -> None:
    office = Office()

    decisions = [office.decide(Use(name, "shipping")), office.decide(Use("name", name)), office.decide(to(name))]

    assert decisions == [
        office.decision(Use("(not a name)", "shipping"), Reason.UNKNOWN_CATEGORY),
        office.decision(Use("name", "(not a name)"), Reason.UNKNOWN_PURPOSE),
        office.decision(to("(not a name)"), Reason.UNKNOWN_RECIPIENT),
    ]
    assert office.decide(to("carrier/x", name)).reason is Reason.UNKNOWN_CHANNEL


def test_a_name_as_long_as_a_name_may_be_is_told_its_nearest_and_a_longer_one_is_not() -> None:
    longest = "a" * 100
    office = Office(categories={"name": {}, longest: {}}, uses=[OPENS | {"data": ["name"]}], provisions=[])

    assert office.decide(Use("a" * 99 + "b", "shipping")).nearest == (longest,)
    assert office.decide(Use("a" * 101, "shipping")).nearest == ()


@pytest.mark.parametrize(
    ("recipient", "declared"),
    [
        ("shop", "shop"),
        ("carrier", "carrier"),
        ("broker/ups", "broker"),
        ("broker/0.a-b_c", "broker"),
        ("printer/p", "printer"),
        ("partner/p", "partner"),
        ("carrier/" + "x" * 248, "carrier"),
        ("carrier/" + "x" * 249, None),
        ("carrier/", None),
        ("carrier/Ups", None),
        ("carrier/.ups", None),
        ("carrier/ups/de", None),
        ("carrier/ups ", None),
        ("carrier/ups\n", None),
        ("nobody", None),
        ("nobody/ups", None),
        ("/ups", None),
        ("shop/x", None),
        ("dept/x", None),
        ("customer/x", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_a_recipient_is_a_declared_class_or_an_instance_of_one(recipient: Any, declared: str | None) -> None:
    """The controller and the person have no instances."""
    assert Office().engine.class_of(recipient) == declared


@pytest.mark.parametrize(
    ("recipient", "registered", "reason"),
    [
        ("carrier", True, Reason.UNKNOWN_RECIPIENT),
        ("partner", True, Reason.UNKNOWN_RECIPIENT),
        ("printer", True, Reason.UNKNOWN_RECIPIENT),
        ("carrier/ups", False, Reason.UNKNOWN_RECIPIENT),
        ("partner/p", False, Reason.UNKNOWN_RECIPIENT),
        ("printer/p", False, Reason.UNKNOWN_RECIPIENT),
        ("carrier/ups", True, Reason.UNKNOWN_CHANNEL),
        ("partner/p", True, Reason.UNKNOWN_CHANNEL),
        ("printer/p", True, Reason.UNKNOWN_CHANNEL),
        ("customer", False, Reason.UNKNOWN_CHANNEL),
        ("shop", False, Reason.UNKNOWN_CHANNEL),
        ("dept", False, Reason.UNKNOWN_CHANNEL),
    ],
)
def test_with_a_ledger_only_a_registered_instance_is_known(recipient: str, registered: bool, reason: Reason) -> None:
    """What comes next in the order of the reasons is the unknown channel."""
    office = Office()
    use = Use("name", "shipping", recipient, channel="pigeon")
    nearest = ("post", "web", "fax") if reason is Reason.UNKNOWN_CHANNEL else ()

    decision = office.engine.decide(use, a_context(consulted=True, registered=registered))

    assert decision == office.decision(use, reason, nearest=nearest, standing=Standing.CONSULTED)


@pytest.mark.parametrize("subject", [None, "", 7])
def test_with_a_ledger_a_use_needs_its_subject_before_its_channel(subject: Any) -> None:
    office = Office()
    use = Use("name", "raffle", "carrier/ups", subject=subject)

    decision = office.engine.decide(use, a_context(consulted=True, registered=True))

    assert decision == office.decision(use, Reason.SUBJECT_REQUIRED, standing=Standing.CONSULTED)
    assert office.decide(use).reason is Reason.UNDECLARED_PURPOSE


@pytest.mark.parametrize(
    ("recipient", "required"),
    [("carrier/x", True), ("broker/x", True), ("partner/x", True), ("printer/x", False), ("customer", False), (None, False)],
)
@pytest.mark.parametrize("channels", ["any", ["post"]])
def test_with_a_ledger_who_is_given_data_for_themselves_is_given_them_through_a_channel(
    recipient: str | None, required: bool, channels: Any
) -> None:
    """Also where the rule says any; what lists channels fits no other use that names none."""
    given = GIVES | {"recipients": "any", "channels": channels}
    office = Office(provisions=[given])
    use = Use("name", "shipping", recipient, subject="s1")
    fits = channels == "any" or recipient is None
    stopped = Reason.CHANNEL_REQUIRED if required else Reason.UNLISTED_CHANNEL
    expected = Reason.PERMITTED if fits and not required else stopped

    context = a_context(consulted=True, registered=True)

    decision = office.engine.decide(use, context)
    assert decision.reason is expected
    if required:
        assert decision == office.decision(use, Reason.CHANNEL_REQUIRED, standing=Standing.CONSULTED)
    through_post = Use("name", "shipping", recipient, subject="s1", channel="post")
    cited = (OPENS,) if recipient is None else (OPENS, given)
    assert office.engine.decide(through_post, context) == office.decision(
        through_post, Reason.PERMITTED, *cited, standing=Standing.CONSULTED
    )


class _StopsNothing(Engine):
    def _stopped(self, use: Use, recipient: object, declared: str | None, context: Context) -> None:
        return None


@pytest.mark.parametrize("use", [to("nobody"), to("shop/x"), to(data="nothing"), to(purpose="nothing")])
def test_where_no_unknown_name_was_stopped_none_is_judged_either(use: Use) -> None:
    office = Office()
    forgetful = _StopsNothing(office.engine.policy)

    decision = forgetful.decide(use, a_context(consulted=True, registered=True))

    assert decision == office.decision(use, Reason.UNKNOWN_RECIPIENT, standing=Standing.CONSULTED)


# --- what no use clause opens -------------------------------------------------------------------------------------------------


def test_an_undeclared_purpose_cites_what_opens_it_for_other_data_and_names_those() -> None:
    other = a_use_clause(clause="3", data=["cookie", "address"], purposes=["raffle"])
    above = a_use_clause(clause="4", data=["phone"], purposes="any")
    office = Office(uses=[OPENS, other, above])

    use = to(purpose="raffle")

    assert office.decide(use) == office.decision(
        use, Reason.UNDECLARED_PURPOSE, other, above, nearest=("address", "cookie", "phone")
    )


def test_where_nothing_opens_a_purpose_what_opens_part_of_it_is_cited() -> None:
    part = a_use_clause(clause="3", data=["phone"], purposes=["shipping"])
    lower = a_use_clause(clause="4", data=["name"], purposes=["express", "raffle"])
    beside = a_use_clause(clause="5", data=["cookie"], purposes=["raffle"])
    office = Office(uses=[beside, part, lower])

    use = to(purpose="service")

    assert office.decide(use) == office.decision(use, Reason.UNDECLARED_PURPOSE, part, lower, nearest=("phone",))
    nothing = to(purpose="lawsuit")
    assert office.decide(nothing) == office.decision(nothing, Reason.UNDECLARED_PURPOSE)


def test_what_is_excepted_from_any_data_is_named_by_no_nearest_name() -> None:
    clause = a_use_clause(clause="3", data="any", purposes=["raffle"], **{"except": {"data": ["name"]}})
    office = Office(uses=[clause])

    use = to(purpose="raffle")

    assert office.decide(use) == office.decision(use, Reason.UNDECLARED_PURPOSE, clause)


@pytest.mark.parametrize("recipient", [None, "dept", "printer/p"])
def test_a_purpose_opened_for_provision_only_is_undeclared_for_the_controller_and_who_acts_for_it(recipient: str | None) -> None:
    clause = OPENS | {"provision_only": True}
    office = Office(uses=[clause], provisions=[GIVES | {"recipients": "any"}])

    assert office.decide(to(recipient)) == office.decision(to(recipient), Reason.UNDECLARED_PURPOSE, clause)
    assert office.decide(to("carrier/x")).permitted


def test_at_most_twelve_clauses_and_names_are_shown() -> None:
    categories: Data = {f"c{number:02}": {} for number in range(30)} | {"name": {}}
    clauses = [a_use_clause(clause=f"3({number})", data=[f"c{number:02}"]) for number in range(30)]
    office = Office(categories=categories, uses=clauses, provisions=[])

    use = to()

    assert office.decide(use) == office.decision(
        use, Reason.UNDECLARED_PURPOSE, *clauses[:12], nearest=tuple(f"c{number:02}" for number in range(12))
    )


def test_few_clauses_are_looked_through_for_what_to_show() -> None:
    """Of more than sixty-four clauses of the purpose, those that come later are not looked for."""
    categories: Data = {"name": {}, "phone": {}, "cookie": {}}
    clauses = [
        a_use_clause(clause=f"3({number})", data=["cookie"], purposes=["service"], **{"except": {"purposes": ["express"]}})
        for number in range(64)
    ]
    late = a_use_clause(clause="4", data=["phone"], purposes=["service"])

    def nearest(*uses: Data) -> tuple[str, ...]:
        return Office(categories=categories, uses=list(uses), provisions=[]).decide(to(purpose="express")).nearest

    assert nearest(*clauses[:63], late) == ("phone",)
    assert nearest(*clauses, late) == ("cookie",)


def test_clauses_of_other_purposes_stand_in_nobodys_way() -> None:
    """However many there are, what opens the purpose is found, or else what opens a part of it."""
    others = [a_use_clause(clause=f"3({number})", data=["cookie"], purposes=["raffle", "lawsuit"]) for number in range(70)]
    opens = a_use_clause(clause="4", data=["phone"], purposes=["shipping"])
    part = a_use_clause(clause="5", data=["address"], purposes=["express"])
    office = Office(purposes={"raffle": {}, "lawsuit": {}} | NAMES["purposes"], uses=[*others, opens, part], provisions=[])

    def told(purpose: str, *cited: Data, nearest: tuple[str, ...]) -> bool:
        use = to(purpose=purpose)
        return office.decide(use) == office.decision(use, Reason.UNDECLARED_PURPOSE, *cited, nearest=nearest)

    assert told("express", opens, part, nearest=("address", "phone"))
    assert told("shipping", opens, nearest=("phone",))
    assert told("service", opens, part, nearest=("address", "phone"))


# --- whom no provision lists ----------------------------------------------------------------------------------------------------


def test_an_unlisted_recipient_is_told_what_opens_the_purpose_what_it_gets_and_who_is_listed() -> None:
    for_raffle = a_provision(clause="3", purposes=["raffle"], data=["name"], recipients=["partner", "carrier"])
    listing = GIVES | {"clause": "4", "recipients": ["customer", "broker"]}
    second = a_use_clause(clause="7", data=["name"], purposes=["shipping"], conditions=["paid"])
    office = Office(uses=[OPENS, second], provisions=[for_raffle, listing])

    use = to("partner/p")

    assert office.decide(use) == office.decision(
        use, Reason.UNLISTED_RECIPIENT, OPENS, second, for_raffle, nearest=("broker", "customer")
    )


def test_a_class_of_which_a_part_is_listed_is_unlisted_and_is_told_the_provision() -> None:
    listing = GIVES | {"recipients": ["broker"]}
    office = Office(provisions=[listing])

    assert office.decide(to("carrier")) == office.decision(
        to("carrier"), Reason.UNLISTED_RECIPIENT, OPENS, listing, nearest=("broker",)
    )
    # Of an instance, nothing is a part.
    assert office.decide(to("carrier/x")) == office.decision(to("carrier/x"), Reason.UNLISTED_RECIPIENT, OPENS, nearest=("broker",))


def test_who_is_listed_for_other_data_or_another_purpose_is_not_named() -> None:
    provisions = [
        GIVES | {"clause": "3", "recipients": ["broker"], "data": ["phone"]},
        GIVES | {"clause": "4", "recipients": ["customer"], "purposes": ["express"]},
        GIVES | {"clause": "5", "recipients": "any", "except": {"recipients": ["partner"]}},
        GIVES | {"clause": "6", "recipients": ["printer"], "except": {"data": ["name"]}},
    ]
    office = Office(provisions=provisions)

    decision = office.decide(to("partner/p"))

    # What lists any recipient lists the partner too, and excepts it.
    assert decision == office.decision(to("partner/p"), Reason.UNLISTED_RECIPIENT, OPENS, provisions[2])


def test_no_processor_is_named_for_what_is_opened_for_provision_only() -> None:
    given = GIVES | {"recipients": ["broker", "printer"]}
    only = OPENS | {"provision_only": True}
    also = a_use_clause(clause="7", data=["name"], purposes=["shipping"])

    def nearest(*uses: Data) -> tuple[str, ...]:
        return Office(uses=list(uses), provisions=[given]).decide(to("partner/p")).nearest

    assert nearest(only) == ("broker",)
    assert nearest(only, also) == nearest(also) == ("broker", "printer")


def test_rules_for_other_uses_stand_in_nobodys_way() -> None:
    """However many there are, who is listed for the use is found."""
    other_data = [GIVES | {"clause": f"3({number})", "data": ["cookie"], "recipients": ["customer"]} for number in range(70)]
    other_purposes = [GIVES | {"clause": f"4({number})", "purposes": ["raffle"]} for number in range(70)]
    wanted = GIVES | {"clause": "5", "recipients": ["broker"]}
    uses = [OPENS | {"clause": f"1({number})"} for number in range(70)]
    office = Office(purposes={"raffle": {}} | NAMES["purposes"], uses=uses, provisions=[*other_data, *other_purposes, wanted])

    assert office.decide(to("partner/p")) == office.decision(to("partner/p"), Reason.UNLISTED_RECIPIENT, *uses, nearest=("broker",))


def test_few_rules_are_looked_through_for_who_is_listed_and_for_what() -> None:
    excepting = [GIVES | {"clause": f"3({number})", "except": {"data": ["name"]}} for number in range(64)]
    by_exception = [GIVES | {"clause": f"4({number})", "recipients": ["partner"], "data": ["cookie"]} for number in range(64)]
    wanted = GIVES | {"clause": "5", "recipients": ["broker"]}
    for_another = GIVES | {"clause": "6", "recipients": ["partner"], "purposes": ["raffle"]}

    def told(excepted: int, excepting_it: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        office = Office(provisions=[*excepting[:excepted], wanted, for_another], exceptions=by_exception[:excepting_it])
        decision = office.decide(to("partner/p"))
        assert decision.reason is Reason.UNLISTED_RECIPIENT
        return decision.nearest, decision.clauses

    assert told(63, 63) == (("broker",), ("1", "6"))
    assert told(64, 64) == ((), ("1",))


def test_of_names_that_overlap_very_many_only_what_they_lie_under_is_looked_at() -> None:
    """Sixty-four names are looked at one by one: the class above the recipient, and what lies under it."""

    def clauses(parts: int) -> tuple[str, ...]:
        under = {f"b{number}": {"parent": "carrier"} for number in range(parts)}
        listing = GIVES | {"recipients": ["b0"]}
        recipients = {"shop": {"role": "controller"}, "carrier": {"role": "third_party"}} | under
        return Office(recipients=recipients, provisions=[listing]).decide(to("carrier")).clauses

    assert clauses(63) == ("1", "2")
    assert clauses(64) == ("1",)


def test_a_rule_that_lists_very_many_names_is_not_cited_for_one_that_it_does_not_list() -> None:
    purposes: Data = {f"p{number}": {} for number in range(65)}
    recipients = {f"r{number}": {"role": "third_party"} for number in range(65)}
    opens = a_use_clause(clause="3", data=["cookie"], purposes=list(purposes))
    gives = GIVES | {"clause": "4", "data": ["cookie"], "recipients": list(recipients)}
    office = Office(
        purposes=NAMES["purposes"] | purposes,
        recipients=NAMES["recipients"] | recipients,
        uses=[OPENS, opens],
        provisions=[gives],
    )

    unopened = to(purpose="lawsuit")

    assert office.decide(unopened) == office.decision(unopened, Reason.UNDECLARED_PURPOSE)
    assert office.decide(to("partner/p")) == office.decision(to("partner/p"), Reason.UNLISTED_RECIPIENT, OPENS)
    assert office.decide(to(purpose="p7")).clauses == ("3",)
    assert office.decide(to("r7/x")).clauses == ("1", "4")


def test_exceptions_never_give_the_reason_and_are_told_with_what_they_lack() -> None:
    by_consent = GIVES | {"clause": "5", "channels": ["post", "web"], "conditions": ["paid", "consent"]}
    by_law = GIVES | {"clause": "6", "conditions": ["ordered"], "quote": "amend"}
    office = Office(provisions=[], exceptions=[by_consent, by_law])
    use = to("carrier/x", "fax")

    first, second = office.cited(by_consent, by_law)

    assert office.decide(use, "consent") == office.decision(
        use,
        Reason.UNLISTED_RECIPIENT,
        OPENS,
        exceptions=(Shortfall(first, ("paid",), ("post", "web")), Shortfall(second, ("ordered",))),
    )
    assert office.decide(use, "ordered") == office.decision(use, Reason.PERMITTED, OPENS, by_law)


def test_an_exception_whose_channel_fits_lacks_no_channel() -> None:
    exception = GIVES | {"clause": "5", "channels": ["post", "web"], "conditions": ["consent"]}
    office = Office(provisions=[], exceptions=[exception])

    def channels(named: str | None) -> tuple[str, ...]:
        [shortfall] = office.decide(to("carrier/x", named)).exceptions
        assert shortfall.unmet == ("consent",)
        return shortfall.channels

    assert (channels("web"), channels(None), channels("fax")) == ((), (), ("post", "web"))


def test_an_exception_lacks_also_what_the_use_clause_lacks() -> None:
    opens = OPENS | {"conditions": ["paid", "signed"]}
    nearer = OPENS | {"clause": "8", "conditions": ["signed"]}
    exception = GIVES | {"clause": "5", "conditions": ["consent", "signed"]}
    office = Office(uses=[opens, nearer], provisions=[], exceptions=[exception])
    use = to("carrier/x")

    def lacking(*shown: str) -> tuple[str, ...]:
        [shortfall] = office.decide(use, *shown).exceptions
        return shortfall.unmet

    assert lacking() == ("signed", "consent")
    assert lacking("consent") == ("signed",)
    assert lacking("signed") == ("consent",)


def test_an_exception_is_told_with_the_objections_that_defeat_it() -> None:
    exception = GIVES | {"clause": "5"}
    objection = an_objection(exempt=["1"])
    office = Office(provisions=[], exceptions=[exception], objections={"stop": objection})
    use = to("carrier/x")

    assert office.decide(use, objections=("stop",)) == office.decision(
        use,
        Reason.UNLISTED_RECIPIENT,
        OPENS,
        exceptions=(Shortfall(office.cited(exception)[0], (), (), ("stop",)),),
    )


# --- channels -------------------------------------------------------------------------------------------------------------------


def test_an_unlisted_channel_is_told_with_all_that_the_provisions_list() -> None:
    first = GIVES | {"channels": ["web"], "conditions": ["paid"]}
    second = GIVES | {"clause": "3", "channels": ["post", "web"]}
    exception = GIVES | {"clause": "5", "conditions": ["consent"]}
    office = Office(provisions=[first, second], exceptions=[exception])
    use = to("carrier/x", "fax")

    assert office.decide(use) == office.decision(
        use,
        Reason.UNLISTED_CHANNEL,
        OPENS,
        first,
        second,
        channels=("web", "post"),
        exceptions=(Shortfall(office.cited(exception)[0], ("consent",)),),
    )


def test_a_permit_carries_the_channels_that_all_of_its_clauses_list_as_an_obligation() -> None:
    first = GIVES | {"channels": ["web"]}
    second = GIVES | {"clause": "3", "channels": ["post", "web"]}
    conditional = GIVES | {"clause": "4", "channels": "any", "conditions": ["paid"]}
    office = Office(provisions=[first, second, conditional])

    unnamed, named = to("carrier/x"), to("carrier/x", "post")

    assert office.decide(unnamed) == office.decision(unnamed, Reason.PERMITTED, OPENS, first, second, channels=("web", "post"))
    assert office.decide(named) == office.decision(named, Reason.PERMITTED, OPENS, second)
    # One that says any leaves every channel open.
    assert office.decide(unnamed, "paid") == office.decision(unnamed, Reason.PERMITTED, OPENS, first, second, conditional)


def test_the_controller_has_no_obligation_of_channels() -> None:
    office = Office(provisions=[GIVES | {"recipients": "any", "channels": ["web"]}])

    assert office.decide(to()) == office.decision(to(), Reason.PERMITTED, OPENS)
    assert office.decide(to(channel="fax")) == office.decision(to(channel="fax"), Reason.PERMITTED, OPENS)


# --- conditions -----------------------------------------------------------------------------------------------------------------


def test_an_unmet_condition_cites_what_fits_and_tells_what_lacks_the_fewest() -> None:
    two = GIVES | {"conditions": ["paid", "signed"]}
    one = GIVES | {"clause": "3", "conditions": ["ordered"]}
    elsewhere = GIVES | {"clause": "4", "channels": ["post"]}
    exception = GIVES | {"clause": "5", "conditions": ["consent"]}
    office = Office(provisions=[two, one, elsewhere], exceptions=[exception])
    use = to("carrier/x", "fax")
    lacks = (Shortfall(office.cited(exception)[0], ("consent",)),)

    assert office.decide(use) == office.decision(use, Reason.UNMET_CONDITION, OPENS, two, one, unmet=("ordered",), exceptions=lacks)
    assert office.decide(use, "paid").unmet == ("ordered",)
    assert office.decide(use, "signed", "paid") == office.decision(use, Reason.PERMITTED, OPENS, two)


@pytest.mark.parametrize("turned", [False, True])
def test_of_rules_that_lack_as_many_the_one_that_lacks_the_first_names_is_told(turned: bool) -> None:
    """In whichever order the policy has them."""
    provisions = [GIVES | {"conditions": ["signed", "ordered"]}, GIVES | {"clause": "3", "conditions": ["paid", "signed"]}]
    office = Office(provisions=provisions[::-1] if turned else provisions)

    assert office.decide(to("carrier/x")).unmet == ("signed", "ordered")


def test_what_the_use_clause_lacks_is_told_before_what_the_provision_lacks_and_once() -> None:
    opens = OPENS | {"conditions": ["signed", "paid"]}
    gives = GIVES | {"conditions": ["consent", "paid"]}
    office = Office(uses=[opens], provisions=[gives])
    use = to("carrier/x")

    def unmet(*shown: str) -> tuple[str, ...]:
        decision = office.decide(use, *shown)
        assert decision == office.decision(use, Reason.UNMET_CONDITION, opens, gives, unmet=decision.unmet)
        return decision.unmet

    assert unmet() == ("signed", "paid", "consent")
    assert unmet("paid") == ("signed", "consent")
    assert unmet("signed", "paid") == ("consent",)
    assert unmet("consent", "paid") == ("signed",)
    assert office.decide(use, "signed", "paid", "consent") == office.decision(use, Reason.PERMITTED, opens, gives)


def test_a_condition_of_the_controllers_own_use_is_told_with_its_use_clauses() -> None:
    first, second = OPENS | {"conditions": ["paid", "signed"]}, OPENS | {"clause": "8", "conditions": ["consent"]}
    office = Office(uses=[first, second], provisions=[GIVES | {"recipients": "any"}])

    assert office.decide(to()) == office.decision(to(), Reason.UNMET_CONDITION, first, second, unmet=("consent",))
    assert office.decide(to(), "consent") == office.decision(to(), Reason.PERMITTED, second)


def test_the_conditions_that_decide_over_a_use_are_those_of_every_rule_that_covers_it() -> None:
    office = Office(
        uses=[OPENS | {"conditions": ["paid"]}, a_use_clause(clause="7", data=["cookie"], conditions=["ordered"])],
        provisions=[GIVES | {"conditions": ["signed"]}, GIVES | {"recipients": ["partner"], "conditions": ["ordered"]}],
        exceptions=[GIVES | {"clause": "5", "conditions": ["consent", "paid"]}],
    )

    assert office.engine.conditions(to("carrier/x")) == {"paid", "signed", "consent"}
    assert office.engine.conditions(to()) == {"paid"}
    for unknown in (Use("nothing", "shipping"), Use("name", "nothing"), to("nobody")):
        assert office.engine.conditions(unknown) == frozenset()


# --- objections -----------------------------------------------------------------------------------------------------------------


def test_an_objection_cites_what_was_shown_then_itself_and_is_named_once() -> None:
    unshown = OPENS | {"clause": "7", "conditions": ["paid"]}
    second = GIVES | {"clause": "3"}
    lacking = GIVES | {"clause": "4", "conditions": ["paid"]}
    elsewhere = GIVES | {"clause": "5", "channels": ["post"]}
    stop, refuse = an_objection(quote="We may"), an_objection(clause="8", exempt=["3"])
    office = Office(
        uses=[OPENS, unshown], provisions=[GIVES, second, lacking, elsewhere], objections={"stop": stop, "refuse": refuse}
    )
    use = to("carrier/x", "fax")

    assert office.decide(use, objections=("stop", "refuse")) == office.decision(
        use, Reason.OBJECTION_IN_FORCE, OPENS, GIVES, second, refuse, stop, objections=("refuse", "stop")
    )
    assert office.decide(use, objections=("stop",)) == office.decision(
        use, Reason.OBJECTION_IN_FORCE, OPENS, GIVES, second, stop, objections=("stop",)
    )
    assert office.decide(use, objections=("refuse",)) == office.decision(use, Reason.PERMITTED, OPENS, second)


def test_an_objection_that_nobody_declared_defeats_everything_and_has_nothing_to_cite() -> None:
    office = Office(objections={"stop": an_objection(exempt=["1", "2"])})

    for use, cited in ((to(), (OPENS,)), (to("carrier/x"), (OPENS, GIVES))):
        assert office.decide(use, objections=("unheard",)) == office.decision(
            use, Reason.OBJECTION_IN_FORCE, *cited, objections=("unheard",)
        )
        assert office.decide(use, objections=("stop",)).permitted


def test_a_denial_by_an_objection_tells_the_exceptions_too() -> None:
    exception = GIVES | {"clause": "5", "conditions": ["consent"]}
    stop = an_objection(exempt=["5"])
    office = Office(exceptions=[exception], objections={"stop": stop})
    use = to("carrier/x")

    assert office.decide(use, objections=("stop",)) == office.decision(
        use,
        Reason.OBJECTION_IN_FORCE,
        OPENS,
        GIVES,
        stop,
        objections=("stop",),
        exceptions=(Shortfall(office.cited(exception)[0], ("consent",)),),
    )
    assert office.decide(use, "consent", objections=("stop",)) == office.decision(use, Reason.PERMITTED, OPENS, exception)


@pytest.mark.parametrize(
    ("recipient", "spared"),
    [(None, "1"), ("dept", "1"), ("printer/p", "1"), ("carrier/x", "2"), ("partner/p", "2"), ("customer", "2")],
)
def test_an_exemption_names_the_clause_of_the_rule_that_grants(recipient: str | None, spared: str) -> None:
    """The use clause's for the controller and its processors, the provision's for everybody else."""
    permitted = {
        clause: Office(provisions=[GIVES | {"recipients": "any"}], objections={"stop": an_objection(exempt=[clause])})
        .decide(to(recipient), objections=("stop",))
        .permitted
        for clause in ("1", "2")
    }

    assert permitted == {clause: clause == spared for clause in ("1", "2")}


@pytest.mark.parametrize(
    ("scope", "hit"),
    [
        ({"data": ["name"]}, True),
        ({"data": ["person"]}, True),
        ({"data": ["cookie", "phone"]}, False),
        ({"data": ["cookie", "name"]}, True),
        ({"purposes": ["service"]}, True),
        ({"purposes": ["express"]}, True),
        ({"purposes": ["raffle"]}, False),
        ({"recipients": ["carrier"]}, True),
        ({"recipients": ["partner", "carrier"]}, True),
        ({"recipients": ["broker"]}, False),
        ({"recipients": ["shop"]}, False),
        ({"data": ["name"], "purposes": ["raffle"], "recipients": ["carrier"]}, False),
        ({"data": ["cookie"], "purposes": ["shipping"], "recipients": ["carrier"]}, False),
        ({"data": ["name"], "purposes": ["shipping"], "recipients": ["partner"]}, False),
        ({"data": ["name"], "purposes": ["shipping"], "recipients": ["carrier"]}, True),
    ],
)
def test_an_objection_hits_what_it_overlaps_in_data_purpose_and_recipient(scope: Data, hit: bool) -> None:
    office = Office(objections={"stop": an_objection(**scope)})

    assert office.decide(to("carrier/x"), objections=("stop",)).permitted is not hit


def test_what_was_refused_to_an_instance_is_refused_to_it_and_to_the_classes_above_it() -> None:
    engine = Office().engine

    def touched(refused: str, *recipients: str) -> list[str]:
        return [recipient for recipient in recipients if engine.touches(to(recipient), recipients=(refused,))]

    everybody = ("carrier", "carrier/x", "broker", "broker/x", "broker/y", "partner", "shop", "printer")
    assert touched("broker/x", *everybody) == ["carrier", "broker", "broker/x"]
    assert touched("carrier/x", *everybody) == ["carrier", "carrier/x"]
    assert touched("broker", *everybody) == ["carrier", "broker", "broker/x", "broker/y"]
    assert touched("carrier", *everybody) == ["carrier", "carrier/x", "broker", "broker/x", "broker/y"]
    assert touched("printer/p", *everybody) == ["printer"]
    # What covers the controller, or a part of it, covers who acts for it; what nobody declared is read widely.
    assert touched("shop", *everybody) == touched("dept", *everybody) == ["shop", "printer"]
    assert touched("nobody", *everybody) == touched("carrier/X", *everybody) == list(everybody)


def test_what_a_processor_is_refused_is_not_refused_to_the_controller() -> None:
    engine = Office().engine

    assert not engine.touches(to(), recipients=("printer",))
    assert engine.touches(to("printer/p"), recipients=("printer/p",))
    assert not engine.touches(to("printer/p"), recipients=("printer/q",))


# --- who grants -----------------------------------------------------------------------------------------------------------------


def test_everything_that_grants_is_cited_use_clauses_first_in_the_order_of_the_policy() -> None:
    unshown = OPENS | {"clause": "9", "conditions": ["paid"]}
    last = a_use_clause(clause="0", data="any", purposes=["shipping"])
    second = GIVES | {"clause": "0(1)"}
    exception = GIVES | {"clause": "0(0)"}
    office = Office(uses=[OPENS, unshown, last], provisions=[second, GIVES], exceptions=[exception])

    use = to("carrier/x")

    assert office.decide(use) == office.decision(use, Reason.PERMITTED, OPENS, last, second, GIVES, exception)
    assert office.decide(use).clauses == ("1", "0", "0(1)", "2", "0(0)")


def test_a_clause_that_is_cited_twice_is_named_once() -> None:
    second = OPENS | {"quote": "email address"}
    office = Office(uses=[OPENS, second])

    decision = office.decide(to())

    assert decision == office.decision(to(), Reason.PERMITTED, OPENS, second)
    assert decision.clauses == ("1",)


def test_a_processor_needs_a_provision_of_its_own_and_no_exception_helps_it() -> None:
    given = GIVES | {"recipients": ["printer"], "conditions": ["signed"]}
    exception = GIVES | {"clause": "5", "recipients": ["printer"]}
    office = Office(provisions=[given], exceptions=[exception])
    use = to("printer/p")

    assert office.decide(use) == office.decision(use, Reason.UNMET_CONDITION, OPENS, given, unmet=("signed",))
    assert office.decide(use, "signed") == office.decision(use, Reason.PERMITTED, OPENS, given)


@pytest.mark.parametrize("recipient", ["carrier/x", "partner/p", "customer"])
def test_an_exception_permits_whoever_does_not_act_for_the_controller(recipient: str) -> None:
    exception = GIVES | {"clause": "5", "recipients": "any"}
    office = Office(provisions=[], exceptions=[exception])

    assert office.decide(to(recipient)) == office.decision(to(recipient), Reason.PERMITTED, OPENS, exception)


def test_the_working_of_a_decision_is_kept_for_people_to_read() -> None:
    opens = OPENS | {"conditions": ["paid"]}
    given = GIVES | {"channels": ["web"], "conditions": ["signed", "ordered"], "recipients": "any"}
    exception = GIVES | {"clause": "5", "recipients": "any"}
    only = a_use_clause(clause="7", data=["name"], purposes=["shipping"], provision_only=True)
    office = Office(uses=[opens, only], provisions=[given], exceptions=[exception], objections={"stop": an_objection()})

    derived = office.engine.derive(to("carrier/x", "fax"), a_context(["signed"], ["stop"]))

    assert derived.decision == office.decide(to("carrier/x", "fax"), "signed", objections=("stop",))
    weighed = [*derived.openers, *derived.provisions, *derived.exceptions]
    assert [(each.rule.kind, each.unmet, each.fits, each.objections, each.grants) for each in weighed] == [
        (Kind.USE, ("paid",), True, (), False),
        (Kind.USE, (), True, (), True),
        (Kind.PROVISION, ("ordered",), False, ("stop",), False),
        (Kind.EXCEPTION, (), True, ("stop",), False),
    ]
    assert [(each.rule.channels, each.rule.conditions, each.rule.provision_only) for each in weighed] == [
        (None, ("paid",), False),
        (None, (), True),
        (("web",), ("signed", "ordered"), False),
        (None, (), False),
    ]
    own = office.engine.derive(to("printer/p"), a_context(["paid"], ["stop"]))
    assert [each.objections for each in (*own.openers, *own.provisions)] == [("stop",), ()]
    assert own.exceptions == ()


def test_what_is_stopped_or_not_opened_has_no_working() -> None:
    office = Office(provisions=[GIVES | {"purposes": "any"}])

    for use in (to("nobody"), to(purpose="raffle"), to("carrier/x", purpose="raffle")):
        derived = office.engine.derive(use, a_context())
        assert derived == (office.decide(use), (), (), ())


# --- known names ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("use", "known"),
    [
        (to(), True),
        (to("carrier/x"), True),
        (to("customer"), True),
        (to("customer/x"), False),
        (to("nobody"), False),
        (to(data="nothing"), False),
        (to(purpose="nothing"), False),
        (to(data="shipping", purpose="name"), False),
    ],
)
def test_a_use_is_known_where_all_its_names_are(use: Use, known: bool) -> None:
    assert Office().engine.knows(use) is known
    assert Office().engine.within(use) is known


@pytest.mark.parametrize(
    ("scope", "within"),
    [
        ({"data": ("person",)}, True),
        ({"data": ("address",)}, False),
        ({"data": ("nothing", "name")}, True),
        ({"purposes": ("service",)}, True),
        ({"purposes": ("express",)}, False),
        ({"recipients": ("carrier",)}, True),
        ({"recipients": ("broker/x",)}, True),
        ({"recipients": ("broker/y", "partner")}, False),
        ({"recipients": ()}, False),
        ({"data": ("name",), "purposes": ("raffle",), "recipients": ("broker",)}, False),
        ({"data": ("cookie",), "purposes": ("shipping",), "recipients": ("broker",)}, False),
    ],
)
def test_a_use_lies_within_a_grant_that_names_all_of_it(scope: dict[str, tuple[str, ...]], within: bool) -> None:
    assert Office().engine.within(to("broker/x"), **scope) is within


# --- what is kept ---------------------------------------------------------------------------------------------------------------


def test_what_was_worked_out_for_some_names_is_kept_and_shared() -> None:
    engine = Office().engine

    def openers(purpose: str) -> list[Any]:
        return [opener.rule for opener in engine.derive(to(purpose=purpose), a_context()).openers]

    [first], [again], [for_another] = openers("shipping"), openers("shipping"), openers("express")

    assert first is again is for_another
    assert len(engine._cases) == 2
    case = engine._case(to(), "shop", "shop")
    assert case is not None
    assert case is engine._case(to(), "shop", "shop")


def test_no_more_than_so_many_cases_and_rules_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "_KEPT", 8)
    categories: Data = {f"c{number}": {} for number in range(30)}
    uses = [a_use_clause(clause=f"1({number})", data=[f"c{number}"]) for number in range(30)]
    engine = an_engine(categories=categories, uses=uses, provisions=[])

    sizes = []
    for number in range(30):
        assert engine.decide(Use(f"c{number}", "shipping"), a_context()).clauses == (f"1({number})",)
        sizes.append((len(engine._cases), len(engine._rules)))

    assert sizes == [(size, size) for size in itertools.islice(itertools.cycle(range(1, 9)), 30)]


def test_a_policy_decides_alike_whatever_it_was_asked_before() -> None:
    """A class and its instance, and two instances, are told apart: what overlaps the class need not meet the instance."""
    recipients = NAMES["recipients"]
    provision = GIVES | {"except": {"recipients": ["broker"]}}
    uses = [to(name) for name in ("carrier", "carrier/x", "carrier/y", "broker", "broker/x", "carrier", None)]

    def fresh() -> Office:
        return Office(recipients=recipients, provisions=[provision])

    office = fresh()

    assert [office.decide(use) for use in uses] == [fresh().decide(use) for use in uses]
    assert [office.decide(use).permitted for use in uses] == [False, True, True, False, False, False, True]


# --- what the judge is asked and answers ------------------------------------------------------------------------------------


def test_a_decision_is_true_only_where_it_permits() -> None:
    stamp = PolicyStamp("shop", "1", "", "shop.yaml")

    permitted = {reason: Decision("name", "shipping", "shop", reason, stamp) for reason in Reason}

    assert [reason for reason, decision in permitted.items() if decision] == [Reason.PERMITTED]
    assert [reason for reason, decision in permitted.items() if decision.permitted] == [Reason.PERMITTED]


def test_what_is_known_of_a_use_is_kept_as_sets_of_names() -> None:
    context = Context(NOW, {"consent": 1}.keys(), {"stop"})  # type: ignore[arg-type]  # any set will do at run time

    assert context == Context(NOW, frozenset({"consent"}), frozenset({"stop"}))
    assert (type(context.shown), type(context.objections)) == (frozenset, frozenset)
    kept = frozenset({"consent"})
    assert Context(NOW, kept).shown is kept


@pytest.mark.parametrize("part", ["shown", "objections"])
@pytest.mark.parametrize("names", ["consent", ["consent"], None])
def test_what_is_no_set_of_names_is_refused(part: str, names: Any) -> None:
    with pytest.raises(TypeError, match=rf"^`{part}` is a set of names$"):
        Context(NOW, **{part: names})


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^the instant of a decision needs a time zone$"):
        Context(NOW.replace(tzinfo=None))


# --- asked backwards ------------------------------------------------------------------------------------------------------------


def test_near_misses_offer_the_controller_where_no_recipient_is_named() -> None:
    engine = Office(provisions=[]).engine

    misses = engine.near_misses(Use("cookie", "shipping"), a_context())

    assert {miss.use.recipient for miss in misses} == {"shop"}
    assert [miss.use.data_category for miss in misses] == ["person", "address", "name", "phone"]


def test_a_policy_that_is_not_in_force_has_no_near_misses() -> None:
    engine = Office(policy={"effective": "2999-01-01"}).engine

    assert engine.near_misses(to("partner/p"), a_context()) == ()


def test_near_misses_keep_the_subject_and_the_claim() -> None:
    engine = Office().engine
    use = Use("name", "shipping", "carrier/x", subject="s1", channel="pigeon", claim="C-1")

    misses = engine.near_misses(use, a_context(consulted=True, registered=True))

    assert [(miss.use.channel, miss.cost) for miss in misses if miss.use.recipient == "carrier/x"] == [
        ("fax", 1),
        ("post", 1),
        ("web", 1),
    ]
    assert {(miss.use.subject, miss.use.claim) for miss in misses} == {("s1", "C-1")}


def test_asked_backwards_it_tells_what_each_recipient_may_use() -> None:
    engine = Office(provisions=[GIVES | {"data": ["phone"]}, GIVES | {"purposes": ["express"], "recipients": ["customer"]}]).engine
    context = a_context()

    assert engine.permitted_categories("shipping", None, context) == ("person", "name", "phone", "address")
    assert engine.permitted_categories("shipping", "carrier/x", context) == ("phone",)
    assert engine.permitted_purposes("phone", None, context) == ("service", "shipping", "express")
    assert engine.permitted_purposes("name", "customer", context) == ("express",)
    assert engine.permitted_recipients("phone", "shipping", context) == ("shop", "dept", "carrier", "broker")
    assert engine.permitted_recipients("name", "raffle", context) == ()


def test_other_data_for_the_same_instance_are_near() -> None:
    """The instance stays who it is: only the data lie apart."""
    engine = Office().engine

    misses = engine.near_misses(Use("cookie", "shipping", "carrier/x"), a_context())

    assert [(miss.use, miss.cost) for miss in misses] == [
        (Use("person", "shipping", "carrier/x"), 102),
        (Use("address", "shipping", "carrier/x"), 103),
        (Use("name", "shipping", "carrier/x"), 103),
        (Use("phone", "shipping", "carrier/x"), 103),
    ]


def test_near_misses_of_one_cost_are_in_the_order_of_their_names() -> None:
    recipients = {"shop": {"role": "controller"}} | {name: {"role": "third_party"} for name in ("zeta", "alpha", "eta", "other")}
    engine = Office(recipients=recipients, provisions=[GIVES | {"recipients": ["zeta", "alpha", "eta"]}]).engine

    misses = engine.near_misses(to("other"), a_context())

    assert [(miss.use.recipient, miss.cost) for miss in misses] == [
        ("alpha", 102),
        ("eta", 102),
        ("shop", 102),
        ("zeta", 102),
    ]
