"""What the policy declares against what the code uses, over every way in which names lie under each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import a_folder, a_provision, a_use_clause, an_engine
from sights import OWN, a_fact, a_field, a_place, a_read, a_use

from purposegate import Engine
from purposegate.findings import Finding, Location, Related, Severity
from purposegate.tools.scanning.census import census
from purposegate.tools.scanning.policies import Policies
from purposegate.tools.scanning.sighting import How, Judge, SeenFact, SeenField, SeenRead, SeenUse, Sight

NAMES: dict[str, Any] = {
    "categories": {"contact": {}, "email_address": {"parent": "contact"}, "phone": {"parent": "contact"}, "shoe_size": {}},
    "purposes": {"service": {}, "shipping": {"parent": "service"}, "returns": {"parent": "service"}, "raffle": {}},
    "recipients": {
        "shop": {"role": "controller"},
        "partner": {"role": "third_party"},
        "carrier": {"parent": "partner"},
        "courier": {"parent": "carrier"},
        "printer": {"parent": "partner"},
    },
}
FACTS: dict[str, Any] = {"in_stock": {"shown_by": "fact"}, "of_age": {"shown_by": "fact"}, "consent": {"shown_by": "consent"}}


def found(
    *uses: SeenUse,
    fields: tuple[SeenField, ...] = (),
    facts: tuple[SeenFact, ...] = (),
    reads: tuple[SeenRead, ...] = (),
    **parts: Any,
) -> list[Finding]:
    """Count what the shop's policy declares, and give all findings."""
    return [*census(Sight(uses, reads, fields, facts), Policies(an_engine(**(NAMES | parts))))]


def unused(*uses: SeenUse, of: str, reads: tuple[SeenRead, ...] = ()) -> list[str]:
    """Give the names of one kind that are told never to be used."""
    start = f"no use in the code concerns the {of} `"
    every = found(*uses, reads=reads)
    return [each.message.removeprefix(start).partition("`")[0] for each in every if each.message.startswith(start)]


# Declared, and never used.


@pytest.mark.parametrize(
    ("used", "told"),
    [
        (["email_address"], ["phone", "shoe_size"]),
        (["contact"], ["shoe_size"]),
        (["email_address", "phone", "shoe_size"], []),
        (["shoe_size"], ["contact"]),
        (["shoe_sice"], ["contact", "shoe_size"]),
    ],
)
def test_a_use_concerns_what_its_data_lie_under_and_all_that_lies_under_them(used: list[str], told: list[str]) -> None:
    assert unused(*(a_use(1, each, "shipping") for each in used), of="data category") == told


@pytest.mark.parametrize(
    ("used", "told"),
    [
        (["shipping"], ["returns", "raffle"]),
        (["service"], ["raffle"]),
        (["raffle"], ["service"]),
        (["returns", "shipping"], ["raffle"]),
    ],
)
def test_a_purpose_is_used_by_what_is_done_for_it_or_for_one_above_or_under_it(used: list[str], told: list[str]) -> None:
    assert unused(*(a_use(1, "contact", each) for each in used), of="purpose") == told


@pytest.mark.parametrize(
    ("used", "told"),
    [
        ([None], ["partner"]),
        (["shop"], ["partner"]),
        (["courier/a"], ["printer"]),
        (["courier/..."], ["printer"]),
        (["carrier"], ["printer"]),
        (["carrier/a"], ["courier", "printer"]),
        (["partner/a"], ["carrier", "printer"]),
        (["partner"], []),
        (["nobody/a"], ["partner"]),
    ],
)
def test_an_instance_stands_for_its_class_and_for_none_under_it(used: list[str | None], told: list[str]) -> None:
    assert unused(*(a_use(1, "contact", "service", each) for each in used), of="recipient") == told


def test_a_name_under_two_others_uses_both_and_what_else_lies_under_them_is_told() -> None:
    names = {"a": {}, "b": {}, "both": {"parent": ["a", "b"]}, "of_a": {"parent": "a"}}

    findings = found(a_use(1, "both", "service"), categories=names, uses=[a_use_clause(data=["a", "b"])], provisions=[])

    assert [each.message for each in findings if "data category" in each.message] == [
        "no use in the code concerns the data category `of_a`"
    ]


def test_an_unused_name_is_told_at_its_declaration_with_how_much_lies_under_it() -> None:
    engine = an_engine(**NAMES)

    findings = [*census(Sight((a_use(1, "contact", "raffle", "printer/a"),)), Policies(engine))]

    expected = [
        ("categories", "shoe_size", "the data category `shoe_size`"),
        ("purposes", "service", "the purpose `service`, nor any of the 2 under it"),
        ("recipients", "carrier", "the recipient `carrier`, nor the one under it"),
    ]
    assert findings == [
        Finding(
            "declared-never-used",
            Severity.NOTE,
            f"no use in the code concerns {what}",
            engine.policy.place(section, name),
            help="the policy promises a use that nobody makes: strike it out, or look at the code that makes it",
        )
        for section, name, what in expected
    ]
    assert all(each.location for each in findings)


def test_what_does_not_say_its_names_is_said_to_be_perhaps_the_use_that_is_missed() -> None:
    uses = (
        a_use(1, None, "shipping", unread=True),
        a_use(2, "contact", None, "courier", unread=True),
        a_use(3, None, "returns", how=How.PURPOSE),
    )
    helps = {each.message: (each.help or "").partition("makes it")[2] for each in found(*uses)}

    assert helps == {
        "no use in the code concerns the data category `shoe_size`": " (2 uses do not say which, and may concern it)",
        "no use in the code concerns the purpose `raffle`": " (2 uses do not say which, and may concern it)",
        "no use in the code concerns the recipient `printer`": " (2 uses do not say which, and may concern it)",
    }


def test_one_use_that_does_not_say_its_data_is_counted_as_one() -> None:
    [data] = (
        each for each in found(a_use(1, None, "raffle", how=How.PURPOSE), a_use(2, "contact", "raffle")) if "shoe" in each.message
    )

    said = "the policy promises a use that nobody makes: strike it out, or look at the code that makes it"
    assert data.help == f"{said} (1 use does not say which, and may concern it)"


def test_a_policy_is_not_told_to_do_without_its_controller() -> None:
    assert unused(a_use(1, "contact", "service", "partner"), of="recipient") == []


def test_what_may_be_no_gates_and_what_is_expected_to_be_denied_uses_nothing() -> None:
    used = a_use(1, "contact", "service")
    not_counted = (a_use(2, "shoe_size", "raffle", receiver_known=False), a_use(3, "shoe_size", "raffle", expected=True))

    assert unused(used, *not_counted, of="data category") == ["shoe_size"]
    assert found(*not_counted) == []


def test_a_question_is_a_use_and_a_label_is_none() -> None:
    label = a_use(3, "shoe_size", None, how=How.LABEL)

    assert unused(a_use(1, "contact", "service", asks=True), label, of="data category") == ["shoe_size"]
    assert found(label) == []


def test_what_is_read_is_used_for_the_purposes_and_by_the_recipients_that_the_read_stands_under() -> None:
    check = a_use(1, "contact", "service")
    reads = (a_read(5, "shoe_size", (None, "raffle", "printer/..."), ("contact", "returns", "carrier/a")),)

    told = [unused(check, of=kind, reads=reads) for kind in ("data category", "purpose", "recipient")]

    assert told == [[], [], ["carrier"]]
    assert unused(of="purpose", reads=(a_read(5, "shoe_size"),)) == []


def test_each_policy_is_counted_by_the_uses_of_its_own_gates(tmp_path: Path) -> None:
    path = str(a_folder(tmp_path, policy={"id": "other"}, purposes={"shipping": {}, "raffle": {}}))
    policies = Policies(an_engine(), [path, "missing.yaml"])
    other = policies.engine_of(Judge(path)).policy
    uses = (
        a_use(1, "email_address", "shipping", "carrier/a", judge=Judge(path)),
        a_use(2, "email_address", "shipping"),
        a_use(3, "email_address", "shipping", "carrier/a", judge=Judge("missing.yaml")),
    )

    findings = [*census(Sight(uses), policies)]

    assert [(each.slug, each.location) for each in findings] == [
        ("declared-never-used", other.place("purposes", "raffle")),
        ("declared-never-used", policies.project.policy.place("recipients", "carrier")),
    ]


# Labels.


def of_slug(slug: str, findings: list[Finding]) -> list[Finding]:
    return [each for each in findings if each.slug == slug]


def test_a_labelled_field_that_nothing_reads_is_told() -> None:
    idle = a_field(4, "Customer.phone", "phone", "contact")
    others = (a_field(5, "Customer.email", "email_address", read=True), a_field(6, "Customer.total"))

    assert found(fields=(idle, *others)) == [
        Finding(
            "label-never-used",
            Severity.NOTE,
            "`Customer.phone` is labelled `phone` and `contact`, and no code reads it or hands it to a gate",
            Location("app.py", 4, 5),
            help="data that nobody uses need not be kept; or they are used where the scan does not look",
        )
    ]


def test_a_category_that_no_label_concerns_is_told_once_at_its_first_use() -> None:
    engine = an_engine(**NAMES)
    uses = (a_use(1, "shoe_size", "service"), a_use(2, "shoe_size", "raffle"), a_use(3, "phone", "service"))
    fields = (a_field(9, "Customer.email", "email_address", read=True),)

    findings = of_slug("use-without-label", [*census(Sight(uses, fields=fields), Policies(engine))])

    declared = [engine.policy.place("categories", name) for name in ("shoe_size", "phone")]
    assert [(each.location, each.help, each.related) for each in findings] == [
        (
            Location("app.py", line, 20),
            f'label the field that holds it: `Annotated[…, Personal("{name}")]`',
            (Related(place, f"`{name}` is declared here"),),
        )
        for line, name, place in zip((1, 3), ("shoe_size", "phone"), declared, strict=True)
        if place
    ]
    assert findings[0].message == "the code uses `shoe_size`, and no field is labelled with it, nor with anything under or above it"


@pytest.mark.parametrize(("label", "used"), [("email_address", "contact"), ("contact", "email_address"), ("contact", "contact")])
def test_a_label_above_or_under_what_is_used_is_one_for_it(label: str, used: str) -> None:
    findings = found(a_use(1, used, "service"), fields=(a_field(9, "Customer.it", label, read=True),))

    assert of_slug("use-without-label", findings) == []


def test_code_without_labels_and_unknown_categories_are_told_nothing_of_labels() -> None:
    assert of_slug("use-without-label", found(a_use(1, "contact", "service"))) == []
    assert of_slug("use-without-label", found(a_use(1, "contakt", "service"), fields=(a_field(9, "C.it", "phone"),))) == []


# Facts.

ON_FACTS = [a_use_clause(purposes=["service"], conditions=["in_stock", "of_age"])]


def on_facts() -> Engine:
    return an_engine(conditions=FACTS, uses=ON_FACTS, provisions=[], **NAMES)


def of_gates(*judges: Judge, facts: tuple[SeenFact, ...] = (), policies: Policies | None = None) -> list[Finding]:
    """Give what is said of facts where the code makes these gates."""
    gates = tuple((judge, a_place(line)) for line, judge in enumerate(judges, 1))
    every = [*census(Sight(facts=facts, gates=gates), policies or Policies(on_facts()))]
    return [each for each in every if "fact" in each.slug]


def test_a_fact_that_no_gate_registers_is_told_at_its_declaration() -> None:
    assert of_gates(OWN, facts=(a_fact(3, "in_stock"),)) == [
        Finding(
            "fact-never-registered",
            Severity.WARNING,
            "no gate in the code registers the fact `of_age`: what needs it is always denied",
            on_facts().policy.place("conditions", "of_age"),
            help='pass the function that knows it: `Gate.load(…, facts={"of_age": …})`',
            related=(Related(Location("app.py", 1, 5), "a gate of this policy is made here"),),
        )
    ]


def test_two_gates_of_a_policy_register_its_facts_together() -> None:
    with_ledger = Judge("shop.yaml", ledger=True)

    assert of_gates(OWN, with_ledger, facts=(a_fact(1, "in_stock"), a_fact(2, "of_age", with_ledger))) == []


def test_facts_are_missed_only_where_the_code_makes_a_gate_of_the_policy() -> None:
    handed_in = Sight((a_use(1, "contact", "service"),))

    assert of_slug("fact-never-registered", [*census(handed_in, Policies(on_facts()))]) == []
    assert len(of_gates(Judge())) == 2


def test_nothing_is_said_of_facts_and_gates_of_a_policy_that_cannot_be_read() -> None:
    missing = Judge("missing.yaml")
    policies = Policies(on_facts(), ["missing.yaml"])

    assert of_gates(missing, facts=(a_fact(3, "weather", missing),), policies=policies) == []


@pytest.mark.parametrize(
    ("name", "help_"),
    [
        ("in_stok", "did you mean `in_stock`?"),
        ("consent", "a consent shows it, which the ledger knows"),
        ("weather", "facts show `in_stock` and `of_age`"),
    ],
)
def test_a_fact_that_is_no_condition_of_the_policy_is_an_error(name: str, help_: str) -> None:
    findings = of_slug("unknown-fact", [*census(Sight(facts=(a_fact(3, name, OWN),)), Policies(on_facts()))])

    message = f"the policy has no condition `{name}` that a fact shows"
    assert findings == [Finding("unknown-fact", Severity.ERROR, message, Location("app.py", 3, 5), help=help_)]


def test_a_fact_of_a_policy_without_any_is_told_so() -> None:
    [finding] = found(facts=(a_fact(3, "weather"),))

    assert finding.help == "the policy has no condition that a fact shows"


def test_nothing_is_found_where_everything_is_used() -> None:
    uses = (a_use(1, "email_address", "shipping"), a_use(2, "email_address", "shipping", "carrier/a"))
    sight = Sight(uses, fields=(a_field(9, "Customer.email", "email_address", read=True),))

    assert [*census(sight, Policies(an_engine(provisions=[a_provision()])))] == []
