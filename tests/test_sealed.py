"""Sealed values: they open only by the gate, and show nothing to anything else."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import io
import json
import logging
import marshal
import operator
import pickle
import pprint
import traceback
from collections.abc import Callable, Sequence
from typing import Annotated, Final, Literal

import pytest
import yaml
from builders import NOW, SHIPPED, a_gate, a_ledger
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError
from rich.console import Console

from purposegate import (
    DeclarationError,
    Gate,
    MemorySink,
    Mode,
    Personal,
    PurposegateError,
    PurposeViolation,
    Reason,
    Record,
    Sealed,
    TrailError,
    combine,
)
from purposegate.gate.opening import written_out

GATE = Gate.load(SHIPPED)
ACME = "employer_company/acme"
EMAIL = "hanako.sato@example.com"
MODES: Final[tuple[Literal["validation", "serialization"], ...]] = ("validation", "serialization")


def a_sealed() -> Sealed[str]:
    return Sealed(EMAIL, "email_address")


class Candidate(BaseModel):
    id: str
    email: Annotated[Sealed[str], Personal("email_address")]
    name: Sealed[Annotated[str, Personal("name")]] | None = None
    phones: Annotated[list[Sealed[int]], Personal("user_information")] = []
    notes: dict[str, Sealed[Annotated[str, Personal("inquiry")]]] = {}


@pytest.fixture(autouse=True)
def _schemas_are_made_anew() -> None:
    """Have each test make the schemas that it validates and dumps by."""
    for model in (Candidate, Contact):
        model.model_rebuild(force=True)


def a_candidate() -> Candidate:
    return Candidate.model_validate({"id": "c-1", "email": EMAIL, "name": "Hanako", "phones": ["81"], "notes": {"a": "Why?"}})


def test_it_opens_for_a_purpose_that_the_policy_declares_and_for_no_other() -> None:
    assert GATE.open(a_sealed(), "send_service_email") == EMAIL
    with pytest.raises(PurposeViolation) as caught:
        GATE.open(a_sealed(), "distribute_advertising")
    assert caught.value.decision.reason is Reason.UNDECLARED_PURPOSE
    with pytest.raises(PurposeViolation):
        GATE.open(a_sealed())
    with GATE.purpose("view_video_interview", ACME):
        assert GATE.open(a_sealed()) == EMAIL


def test_it_opens_only_where_every_label_is_permitted() -> None:
    trail = MemorySink()
    gate = Gate.load(SHIPPED, trail=trail, clock=lambda: NOW)
    sealed = Sealed(EMAIL, "usage_history", Personal("video_interview"))

    assert gate.open(sealed, "provide_service", subject="s1") == EMAIL
    with pytest.raises(PurposeViolation) as caught:
        gate.open(sealed, "distribute_advertising")

    assert caught.value.decision.data_category == "video_interview"
    assert [(each.decision.data_category, each.decision.permitted, each.subject) for each in trail.records] == [
        ("usage_history", True, "s1"),
        ("video_interview", True, "s1"),
        ("video_interview", False, None),
    ]


def test_without_a_label_it_never_opens() -> None:
    with pytest.raises(DeclarationError, match="never opens"):
        GATE.open(Sealed(EMAIL), "provide_service")


def test_what_is_not_sealed_is_not_opened() -> None:
    with pytest.raises(TypeError):
        GATE.open(EMAIL, "provide_service")  # type: ignore[arg-type]  # the mistake that is tested
    with pytest.raises(TypeError):
        Sealed(EMAIL, 7)  # type: ignore[call-overload]  # as above
    with pytest.raises(TypeError):
        type("Open", (Sealed,), {})


def test_what_the_trail_cannot_record_does_not_open() -> None:
    class Full:
        def write(self, records: Sequence[Record]) -> None:
            raise OSError(EMAIL)

    gate = Gate.load(SHIPPED, trail=Full())
    with pytest.raises(TrailError) as caught:
        gate.open(a_sealed(), "send_service_email")
    with gate.purpose("send_service_email"), pytest.raises(PydanticSerializationError) as dumped:
        a_candidate().model_dump_json()

    for told in (caught.value, dumped.value):
        assert EMAIL not in "".join(traceback.format_exception(told))


SHOWN: dict[str, Callable[[Sealed[str]], object]] = {
    "repr": repr,
    "str": str,
    "format": lambda sealed: f"{sealed} {sealed!r} {sealed:>40} {sealed!s:.3}",
    "percent": lambda sealed: "%s %r %.5s" % (sealed, sealed, sealed),  # noqa: UP031 - what is tried
    "join": lambda sealed: ", ".join(map(str, [sealed])),
    "pprint": lambda sealed: pprint.pformat({"a": [sealed]}),
    "dir": lambda sealed: [getattr(sealed, name, None) for name in dir(sealed)],
    "copy": copy.copy,
    "deepcopy": lambda sealed: copy.deepcopy([sealed]),
    "asdict": lambda sealed: dataclasses.asdict(_Row(sealed)),
    "astuple": lambda sealed: dataclasses.astuple(_Row(sealed)),
    "exception": lambda sealed: "".join(traceback.format_exception(ValueError("bad", sealed))),
    "sizeof": lambda sealed: sealed.__sizeof__(),
}

REFUSED: dict[str, Callable[[Sealed[str]], object]] = {
    "vars": vars,
    "iter": iter,  # type: ignore[dict-item]  # what is tried
    "len": len,  # type: ignore[dict-item]
    "bool": bool,
    "in": lambda sealed: "hanako" in sealed,  # type: ignore[operator]
    "item": lambda sealed: sealed[0],  # type: ignore[index]
    "value": lambda sealed: sealed._value,  # type: ignore[attr-defined]
    "method": lambda sealed: sealed.upper(),  # type: ignore[attr-defined]
    "getattribute": lambda sealed: object.__getattribute__(sealed, "_value"),
    "set": lambda sealed: setattr(sealed, "_value", "x"),
    "delete": lambda sealed: delattr(sealed, "_value"),
    "add": lambda sealed: sealed + "x",  # type: ignore[operator]
    "less": lambda sealed: sealed < EMAIL,  # type: ignore[operator]
    "sort": lambda sealed: sorted([sealed, a_sealed()]),  # type: ignore[type-var]
    "json": json.dumps,
    "pickle": pickle.dumps,
    "marshal": marshal.dumps,  # type: ignore[dict-item]
    "yaml": yaml.dump,
    "reduce": lambda sealed: object.__reduce_ex__(sealed, 2),
    "index": operator.index,  # type: ignore[dict-item]
    "getstate": lambda sealed: sealed.__getstate__(),
}


@dataclasses.dataclass
class _Row:
    email: Sealed[str]


@pytest.mark.parametrize("how", SHOWN)
def test_what_shows_things_shows_none_of_it(how: str) -> None:
    shown = SHOWN[how](a_sealed())

    assert "hanako" not in repr(shown)


@pytest.mark.parametrize("how", REFUSED)
def test_what_needs_the_value_fails_without_it(how: str) -> None:
    with pytest.raises((TypeError, AttributeError, ValueError)) as caught:
        REFUSED[how](a_sealed())

    assert EMAIL not in "".join(traceback.format_exception(caught.value))


def test_rich_and_logging_show_none_of_it(caplog: pytest.LogCaptureFixture) -> None:
    console = Console(record=True, file=io.StringIO(), width=200)
    console.print(a_sealed(), a_candidate(), {"email": a_sealed()})
    logging.getLogger("service").warning("mail to %s: %r", a_sealed(), a_candidate(), extra={"email": a_sealed()})

    shown = console.export_text()
    assert "Sealed(email_address)" in shown
    assert "hanako" not in (shown + caplog.text + repr(vars(caplog.records[0]))).lower()


def test_a_traceback_with_its_locals_shows_none_of_it() -> None:
    def failing(sealed: Sealed[str]) -> None:
        sealed.map(lambda value: value.index("nothing"))

    with pytest.raises(PurposegateError) as caught:
        failing(a_sealed())

    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert "failed inside a sealed value (ValueError)" in shown
    assert "hanako" not in shown


def test_it_is_equal_to_itself_only() -> None:
    sealed = a_sealed()

    assert sealed == sealed  # noqa: PLR0124 - what is tested
    assert sealed != a_sealed()
    assert sealed != EMAIL  # type: ignore[comparison-overlap]  # what is tested
    assert EMAIL not in {sealed: 1}  # type: ignore[comparison-overlap]  # as above
    assert len({sealed, a_sealed(), copy.deepcopy(sealed)}) == 2


def test_map_and_combine_compute_inside() -> None:
    name = Sealed("Hanako", "name")
    greeting = combine(name, a_sealed(), lambda name, email: f"{name} <{email}>")

    assert repr(name.map(len)) == "Sealed(name)"
    assert GATE.open(name.map(len), "provide_service") == 6
    assert greeting.data_categories == ("email_address", "name")
    assert GATE.open(greeting, "send_service_email") == f"Hanako <{EMAIL}>"
    assert GATE.open(combine("Dear ", name, operator.add), "send_service_email") == "Dear Hanako"
    assert name.map(lambda _: a_sealed()).data_categories == ("email_address", "name")
    assert GATE.open(Sealed(name, "email_address"), "provide_service") == "Hanako"
    with pytest.raises(TypeError):
        combine("a", "b", operator.add)  # type: ignore[call-overload]  # the mistake that is tested
    with pytest.raises(PurposegateError, match="KeyError"):
        combine(name, a_sealed(), lambda name, email: {name: 1}[email])


def test_declassifying_is_recorded_and_needs_a_reason_and_a_trail() -> None:
    trail = MemorySink()
    gate = Gate.load(SHIPPED, trail=trail, clock=lambda: NOW)

    assert gate.declassify(a_sealed(), reason="a court's order, case 7") == EMAIL
    (record,) = trail.records
    assert (record.mode, record.justification, record.decision.data_category) == (
        Mode.DECLASSIFIED,
        "a court's order, case 7",
        "email_address",
    )
    assert not record.decision.permitted
    for reason in ("", " ", None):
        with pytest.raises(DeclarationError, match="needs a reason"):
            gate.declassify(a_sealed(), reason=reason)  # type: ignore[arg-type]  # the mistake that is tested
    with pytest.raises(DeclarationError, match="nothing would record"):
        GATE.declassify(a_sealed(), reason="a reason")
    with pytest.raises(TypeError):
        gate.declassify(EMAIL, reason="a reason")  # type: ignore[arg-type]  # as above
    assert len(trail.records) == 1


# In pydantic models


def test_a_field_takes_what_its_type_takes_and_gets_its_labels() -> None:
    candidate = a_candidate()

    assert candidate.email.data_categories == ("email_address",)
    assert candidate.name is not None
    assert candidate.name.data_categories == ("name",)
    assert [each.data_categories for each in candidate.phones] == [("user_information",)]
    assert candidate.notes["a"].data_categories == ("inquiry",)
    assert GATE.open(candidate.phones[0], "provide_service") == 81
    again = Candidate(id="c-2", email=candidate.email)
    assert GATE.open(again.email, "send_service_email") == EMAIL
    widened = Candidate.model_validate({"id": "c-2", "email": Sealed(EMAIL, "video_interview")})
    assert widened.email.data_categories == ("email_address", "video_interview")


@pytest.mark.parametrize("serialize_as_any", [False, True])
def test_a_model_that_is_dumped_without_a_purpose_keeps_it_sealed(serialize_as_any: bool) -> None:
    candidate = a_candidate()

    dumped = candidate.model_dump(serialize_as_any=serialize_as_any)
    assert (dumped["email"], dumped["phones"][0]) == (candidate.email, candidate.phones[0])
    assert (
        "hanako" not in repr([dumped, dict(candidate), list(candidate), vars(candidate), candidate, candidate.model_copy()]).lower()
    )
    assert candidate.model_dump_json() == (
        '{"id":"c-1","email":"[sealed]","name":"[sealed]","phones":["[sealed]"],"notes":{"a":"[sealed]"}}'
    )
    assert candidate.model_dump(mode="json")["email"] == "[sealed]"


def test_what_is_dumped_inside_a_purpose_is_what_the_purpose_may_see() -> None:
    candidate = a_candidate()
    with GATE.purpose("view_video_interview", ACME):
        seen = candidate.model_dump()
        text = candidate.model_dump_json()

    assert seen == {"id": "c-1", "email": EMAIL, "name": "Hanako", "phones": candidate.phones, "notes": candidate.notes}
    assert json.loads(text) == {"id": "c-1", "email": EMAIL, "name": "Hanako", "phones": ["[sealed]"], "notes": {"a": "[sealed]"}}
    assert TypeAdapter(list[Candidate]).dump_python([candidate], mode="json")[0]["email"] == "[sealed]"


def test_what_is_dumped_is_recorded_permitted_or_not() -> None:
    trail = MemorySink()
    gate = Gate.load(SHIPPED, trail=trail, clock=lambda: NOW)
    with gate.purpose("distribute_advertising", subject="c-1"):
        Candidate(id="c-1", email=Sealed(EMAIL)).model_dump()
    with gate.purpose("send_service_email", subject="c-1"):
        Candidate(id="c-1", email=Sealed(EMAIL)).model_dump()

    assert [(each.decision.purpose, each.decision.permitted, each.subject) for each in trail.records] == [
        ("distribute_advertising", False, "c-1"),
        ("send_service_email", True, "c-1"),
    ]


def test_where_two_gates_have_a_purpose_both_must_permit() -> None:
    house, trail = a_gate(), MemorySink()
    gate = Gate.load(SHIPPED, trail=trail, clock=lambda: NOW)
    model = Candidate(id="c-1", email=Sealed(EMAIL))

    with gate.purpose("send_service_email"), house.purpose("shipping"):
        assert model.model_dump()["email"] == EMAIL
    with house.purpose("shipping", "carrier/ups"), gate.purpose("distribute_advertising"):
        assert model.model_dump()["email"] is model.email
    ended = house.purpose("shipping")

    async def late() -> object:
        await asyncio.sleep(0.01)
        with gate.purpose("send_service_email"):
            return model.model_dump()["email"]

    async def service() -> object:
        with ended:
            task = asyncio.create_task(late())
            await asyncio.sleep(0)
        return await task

    assert asyncio.run(service()) is model.email
    assert [record.decision.permitted for record in trail.records] == [True, False]


@pytest.mark.parametrize("strict", [False, True])
def test_a_validation_error_does_not_repeat_what_was_to_be_sealed(strict: bool) -> None:
    errors = []
    validations: list[Callable[[], Candidate]] = [
        lambda: Candidate.model_validate({"id": "c-1", "email": [EMAIL]}, strict=strict),
        lambda: Candidate.model_validate_json(json.dumps({"id": "c-1", "email": [EMAIL]}), strict=strict),
        lambda: Candidate.model_validate({"id": "c-1", "email": "x", "phones": [EMAIL]}, strict=strict),
    ]
    for validate in validations:
        with pytest.raises(ValidationError) as caught:
            validate()
        errors.append(str(caught.value) + repr(caught.value.errors()) + "".join(traceback.format_exception(caught.value)))

    assert "string_type" in errors[0]
    assert EMAIL not in "".join(errors)


class Contact(BaseModel):
    at: Annotated[Sealed[Annotated[str, Field(max_length=10)]] | int | None, Personal("email_address")]
    to: Annotated[list[Sealed[str]], Personal("email_address")] = []
    by_name: Annotated[dict[str, tuple[Sealed[str], ...]], Personal("email_address"), Personal("name")] = {}


def test_a_validation_error_about_what_holds_something_sealed_does_not_repeat_it_either() -> None:
    errors = []
    for wrong in ({"at": EMAIL}, {"at": 1, "to": EMAIL}, {"at": 1, "by_name": [EMAIL]}, {"at": 1, "by_name": {"x": [[EMAIL]]}}):
        with pytest.raises(ValidationError) as caught:
            Contact.model_validate(wrong)
        errors.append(str(caught.value) + repr(caught.value.errors()))

    assert EMAIL not in "".join(errors)
    assert "list_type" in errors[1]
    assert "dict_type" in errors[2]


def test_what_holds_something_sealed_keeps_the_labels_of_what_it_is_given() -> None:
    contact = Contact.model_validate(
        {
            "at": Sealed("a@b.test", "inquiry"),
            "to": ["x", Sealed("y", "name")],
            "by_name": {"x": (Sealed("z", "user_information"),)},
        }
    )

    assert isinstance(contact.at, Sealed)
    assert contact.at.data_categories == ("email_address", "inquiry")
    assert [each.data_categories for each in contact.to] == [("email_address",), ("email_address", "name")]
    assert contact.by_name["x"][0].data_categories == ("email_address", "name", "user_information")
    assert Contact(at=None).model_dump() == {"at": None, "to": [], "by_name": {}}


def test_a_plain_value_put_where_something_sealed_belongs_is_dumped_as_sealed() -> None:
    contact = Contact(at=None).model_copy(update={"at": EMAIL, "to": [EMAIL], "by_name": {"x": {EMAIL}}})

    assert json.loads(contact.model_dump_json()) == {"at": "[sealed]", "to": "[sealed]", "by_name": "[sealed]"}
    assert EMAIL not in repr(contact.model_dump())


def test_the_json_schema_of_what_holds_something_sealed_has_every_label() -> None:
    for mode in MODES:
        properties = Contact.model_json_schema(mode=mode)["properties"]

        assert properties["to"]["items"] == {"type": "string"}
        assert properties["to"]["x-personal"] == ["email_address"]
        assert properties["by_name"]["x-personal"] == ["email_address", "name"]


def test_the_json_schema_is_that_of_what_is_sealed_with_its_labels() -> None:
    properties = Candidate.model_json_schema()["properties"]

    assert properties["email"] == {"title": "Email", "type": "string", "x-personal": ["email_address"]}
    assert properties["name"]["anyOf"] == [{"type": "string", "x-personal": ["name"]}, {"type": "null"}]
    assert properties["phones"]["items"] == {"type": "integer"}
    assert Candidate.model_json_schema(mode="serialization")["properties"]["email"] == properties["email"]


def test_a_sealed_model_is_validated_and_dumped_as_a_whole() -> None:
    class Address(BaseModel):
        city: str

    class Person(BaseModel):
        address: Annotated[Sealed[Address], Personal("user_information")]

    person = Person.model_validate({"address": {"city": "Tokyo"}})

    assert "Tokyo" not in repr(person) + person.model_dump_json()
    with GATE.purpose("provide_service"):
        assert person.model_dump() == {"address": {"city": "Tokyo"}}


def test_it_opens_with_the_ledger_asked_about_the_person() -> None:
    ledger = a_ledger([ACME])
    gate = Gate.load(SHIPPED, ledger=ledger, clock=lambda: NOW)

    assert gate.open(a_sealed(), "view_video_interview", ACME, subject="s1", channel="email") == EMAIL
    assert [(release.subject, release.data_category) for release in ledger.releases()] == [("s1", "email_address")]
    with pytest.raises(PurposeViolation) as caught:
        gate.open(a_sealed(), "view_video_interview", "employer_company/globex", subject="s1", channel="email")
    assert caught.value.decision.reason is Reason.UNKNOWN_RECIPIENT


def test_what_stays_sealed_for_one_of_its_labels_releases_none_of_them() -> None:
    trail = MemorySink()
    gate = Gate.load(SHIPPED, trail=trail, clock=lambda: NOW)
    contact = Contact(at=None, by_name={"x": (Sealed("z", "usage_history"),)})

    with gate.purpose("distribute_advertising"):
        assert contact.model_dump(mode="json")["by_name"] == {"x": ["[sealed]"]}

    assert {(each.decision.data_category, each.decision.permitted) for each in trail.records} == {
        ("email_address", False),
        ("name", False),
    }


def test_what_is_written_out_opens_itself_and_no_other_value_with_its_labels() -> None:
    released, other = a_candidate(), a_candidate()

    with written_out({id(released.email): released.email}):
        assert released.model_dump(mode="json")["email"] == EMAIL
        assert other.model_dump(mode="json")["email"] == "[sealed]"
    assert released.model_dump(mode="json")["email"] == "[sealed]"
