"""Labels on fields, and what `disclose` and `fields` make of them."""

from __future__ import annotations

import collections
import dataclasses
import enum
import json
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from pathlib import PurePosixPath
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Any, Generic, NamedTuple, NewType, NotRequired, Optional, TypedDict, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs
import pydantic
import pytest
from builders import NOW, SHIPPED, a_ledger
from pydantic import BaseModel, ConfigDict, Field, RootModel, computed_field
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from sqlmodel import Field as SqlField
from sqlmodel import SQLModel
from typing_extensions import TypedDict as ExtendedTypedDict

from purposegate import (
    DeclarationError,
    From,
    Gate,
    LedgerError,
    MemoryLedger,
    MemorySink,
    Observe,
    Personal,
    PurposeViolation,
    Reason,
    Records,
    Sealed,
    Use,
)

if TYPE_CHECKING:
    from nowhere import Nothing  # type: ignore[import-not-found]  # a name that exists for type checkers only

GATE = Gate.load(SHIPPED)
ACME = "employer_company/acme"

Email = Annotated[str, Personal("email_address")]
Usage = Annotated[str, Personal("usage_history")]
Video = Annotated[str, Personal("video_interview")]
PlainEmail = NewType("PlainEmail", Email)

# Advertising may use the usage history and nothing else here.
ADVERTISING = "distribute_advertising"


def dropped(data: object, purpose: str = ADVERTISING, **parts: Any) -> Any:
    return GATE.disclose(data, purpose, on_denied="drop", **parts)


class Contact(BaseModel):
    email: Email
    kind: str = "work"


class Candidate(BaseModel):
    id: str
    email: Email
    usage: Usage
    contacts: list[Contact] = []


def a_candidate() -> Candidate:
    return Candidate(id="c-1", email="e", usage="u", contacts=[Contact(email="e2")])


@dataclass
class CandidateData:
    id: str
    email: Email
    usage: Usage
    contacts: list[Contact] = field(default_factory=list)


@attrs.define
class CandidateAttrs:
    id: str
    email: Email
    usage: Usage
    contacts: list[Contact] = attrs.Factory(list)


class CandidateTuple(NamedTuple):
    id: str
    email: Email
    usage: Usage
    contacts: list[Contact] = []  # noqa: RUF012 - a tuple's default


class CandidatePlain:
    id: str
    email: Email
    usage: Usage
    contacts: list[Contact]

    def __init__(self, id: str, email: str, usage: str, contacts: list[Contact]) -> None:  # noqa: A002 - as the others
        self.id, self.email, self.usage, self.contacts = id, email, usage, contacts
        self._kept = email


class CandidateSlots:
    __slots__ = ("_kept", "contacts", "email", "id", "usage")
    id: str
    email: Email
    usage: Usage
    contacts: list[Contact]

    def __init__(self, id: str, email: str, usage: str, contacts: list[Contact]) -> None:  # noqa: A002 - as the others
        self.id, self.email, self.usage, self.contacts, self._kept = id, email, usage, contacts, email


class CandidateSql(SQLModel):
    id: str
    email: Email
    usage: Usage
    contacts: list[Contact] = []


@pydantic.dataclasses.dataclass
class CandidatePydantic:
    id: str
    email: Email
    usage: Usage
    contacts: list[Contact] = field(default_factory=list)


class CandidateDict(TypedDict):
    id: str
    email: Email
    usage: NotRequired[Usage]
    contacts: list[Contact]


KINDS = [
    Candidate, CandidateData, CandidateAttrs, CandidateTuple, CandidatePlain, CandidateSlots, CandidateSql, CandidatePydantic,
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_class_is_projected_in_the_same_shape(kind: Callable[..., object]) -> None:
    candidate = kind(id="c-1", email="e", usage="u", contacts=[Contact(email="e2")])

    assert dropped(candidate) == {"id": "c-1", "usage": "u", "contacts": [{"kind": "work"}]}
    assert GATE.disclose(candidate, ADVERTISING, on_denied="mark", marker="-") == {
        "id": "c-1", "email": "-", "usage": "u", "contacts": [{"email": "-", "kind": "work"}],
    }  # fmt: skip
    assert GATE.disclose(candidate, "provide_service") == {
        "id": "c-1", "email": "e", "usage": "u", "contacts": [{"email": "e2", "kind": "work"}],
    }  # fmt: skip
    with pytest.raises(PurposeViolation) as caught:
        GATE.disclose(candidate, ADVERTISING)
    assert caught.value.decision.data_category == "email_address"
    assert GATE.fields(kind, ADVERTISING) == ("id", "usage", "contacts.kind")
    assert GATE.fields(kind, "provide_service") == ("id", "email", "usage", "contacts.email", "contacts.kind")


def test_a_typed_dictionary_is_one_where_its_type_is_said() -> None:
    candidate: CandidateDict = {"id": "c-1", "email": "e", "usage": "u", "contacts": [Contact(email="e2")]}

    @dataclass
    class Shelf:
        candidate: CandidateDict
        by_name: dict[str, list[CandidateDict]]

    class NewerDict(ExtendedTypedDict):
        email: Email
        usage: Usage

    class Holder(BaseModel):
        candidate: NewerDict

    assert dropped(candidate, as_type=CandidateDict) == {"id": "c-1", "usage": "u", "contacts": [{"kind": "work"}]}
    assert dropped([candidate], as_type=list[CandidateDict])[0]["usage"] == "u"
    assert "email" not in dropped([candidate], as_type=CandidateDict)[0]
    assert dropped(Shelf(candidate=candidate, by_name={"email": [candidate]})) == {
        "candidate": {"id": "c-1", "usage": "u", "contacts": [{"kind": "work"}]},
        "by_name": {"email": [{"id": "c-1", "usage": "u", "contacts": [{"kind": "work"}]}]},
    }
    assert dropped(Holder(candidate={"email": "e", "usage": "u"})) == {"candidate": {"usage": "u"}}
    assert GATE.fields(CandidateDict, ADVERTISING) == ("id", "usage", "contacts.kind")


def test_a_dictionary_in_the_place_of_a_model_is_read_as_the_model() -> None:
    raw: Any = {"email": "e", "kind": "work"}

    assert dropped(CandidateData("c-1", "e", "u", [raw])) == {"id": "c-1", "usage": "u", "contacts": [{"kind": "work"}]}
    assert dropped(raw, as_type=Contact) == {"kind": "work"}


def test_what_a_typed_dictionary_carries_besides_may_be_any_of_its_fields() -> None:
    class Usages(TypedDict):
        usage: Usage

    assert dropped({"usage": "u", "more": 1}, as_type=Usages) == {"usage": "u", "more": 1}
    assert dropped({"id": "c-1", "more": 1}, as_type=CandidateDict) == {"id": "c-1"}


# Where labels stand


class Wide(BaseModel):
    optional: Email | None = None
    old_optional: Optional[Email] = None  # noqa: UP045 - what people still write
    union: int | Annotated[str, Field(min_length=1), Personal("email_address")] = 1
    listed: list[Email] = []
    mapped: dict[str, tuple[Email, ...]] = {}
    twice: Annotated[str, Personal("usage_history"), Personal("video_interview")] = "t"
    aliased: Email = Field("a", alias="e-mail")
    new_type: PlainEmail = PlainEmail("n")
    whole: Annotated[Contact | None, Personal("video_interview")] = None
    deep: dict[str, list[Contact | None]] = {}
    plain: str = "p"


def test_labels_are_found_wherever_they_stand() -> None:
    wide = Wide(optional="o", listed=["l"], mapped={"m": ("x",)}, whole=Contact(email="w"), deep={"d": [Contact(email="d"), None]})

    assert dropped(wide) == {"deep": {"d": [{"kind": "work"}, None]}, "plain": "p"}
    assert GATE.fields(Wide, ADVERTISING) == ("deep.kind", "plain")
    assert set(GATE.disclose(wide, "provide_service")) == set(Wide.model_fields)


class Parent(BaseModel):
    name: Annotated[str, Personal("name")] = "p"


class Child(Parent):
    video: Video = "v"


class AnyHolder(BaseModel):
    anything: Any
    parent: Parent | None = None
    wrapped: object = None


class Opaque:
    def __init__(self, *held: object) -> None:
        self.held = held
        self.note = "note"


def test_what_is_held_is_read_by_what_it_is_and_not_by_what_was_declared() -> None:
    holder = AnyHolder(anything=[{"k": Child()}], parent=Child(), wrapped=Opaque(Child()))

    assert dropped(holder) == {"anything": [{"k": {}}], "parent": {}, "wrapped": {"held": ({},), "note": "note"}}


class Rows:
    """What hands out its rows one by one, as a query does."""

    def __init__(self, *rows: object) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[object]:
        return iter(self._rows)


class Declared(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    opaque: Opaque
    path: PurePosixPath = PurePosixPath("/")


def test_an_object_that_declares_nothing_goes_out_only_where_a_field_says_that_it_holds_one() -> None:
    opaque = Opaque("x", [1], date(2026, 1, 1))

    assert dropped(Declared(opaque=opaque)) == {"opaque": opaque, "path": PurePosixPath("/")}
    assert dropped(AnyHolder(anything=Rows(Child()))) == {"anything": {}, "parent": None, "wrapped": None}
    careless = [opaque, Rows("x"), SimpleNamespace(email="e"), LookupError("e"), Child().model_dump, partial(print, "e"), print]
    for each in careless:
        with pytest.raises(DeclarationError, match="no type says"):
            dropped(AnyHolder(anything=each))


def test_labels_of_extras_and_of_what_a_subclass_declares_anew_are_kept() -> None:
    class Extras(BaseModel):
        model_config = ConfigDict(extra="allow")
        __pydantic_extra__: dict[str, Email]

    class Forgetful(Contact):
        email: str

    assert dropped(Extras.model_validate({"any": "e"})) == {}
    assert dropped(Forgetful(email="e")) == {"kind": "work"}


def test_another_channel_is_another_question() -> None:
    contact = Contact(email="e")

    assert GATE.disclose(contact, "view_video_interview", ACME) == {"email": "e", "kind": "work"}
    with pytest.raises(PurposeViolation) as caught:
        GATE.disclose(contact, "view_video_interview", ACME, channel="fax")
    assert caught.value.decision.reason is Reason.UNKNOWN_CHANNEL


def test_a_refusal_holds_none_of_the_data_in_its_frames() -> None:
    with pytest.raises(PurposeViolation) as caught:
        GATE.disclose(Candidate(id="c-1", email="hanako", usage="u"), ADVERTISING)

    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    inside = [frame for frame in frames.stack if "purposegate" in frame.filename]
    assert inside
    assert "hanako" not in repr([frame.locals for frame in inside])


def test_computed_fields_and_extras_of_a_labelled_class_may_hold_any_of_it() -> None:
    class Open(BaseModel):
        model_config = ConfigDict(extra="allow")
        email: Email

        @computed_field  # type: ignore[prop-decorator]  # pydantic's own
        @property
        def domain(self) -> str:
            return self.email

        @computed_field  # type: ignore[prop-decorator]
        @property
        def used(self) -> Usage:
            return "u"

    model = Open.model_validate({"email": "e", "copy": "e"})

    assert dropped(model) == {"used": "u"}
    assert GATE.disclose(model, "provide_service") == {"email": "e", "domain": "e", "used": "u", "copy": "e"}
    plain = CandidatePlain("c-1", "e", "u", [])
    plain.copy = "e"  # type: ignore[attr-defined]  # a careless colleague
    assert dropped(plain) == {"id": "c-1", "usage": "u", "contacts": []}


def test_a_root_model_is_what_it_holds() -> None:
    class Emails(RootModel[list[Email]]):
        pass

    class Contacts(RootModel[list[Contact]]):
        pass

    class Holder(BaseModel):
        emails: Emails
        contacts: Contacts

    holder = Holder(emails=Emails(["e"]), contacts=Contacts([Contact(email="e")]))
    assert dropped(holder) == {"contacts": [{"kind": "work"}]}
    assert GATE.disclose(holder, "provide_service") == {"emails": ["e"], "contacts": [{"email": "e", "kind": "work"}]}


T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    items: list[T]


@dataclass
class Box(Generic[T]):
    item: T


def test_generic_classes_are_read_with_what_they_were_given() -> None:
    assert dropped(Page[Contact](items=[Contact(email="e")])) == {"items": [{"kind": "work"}]}
    assert dropped(Page[Email](items=["e"])) == {}
    assert dropped(Box(Contact(email="e"))) == {"item": {"kind": "work"}}


@dataclass
class Unreadable:
    id: str
    nothing: Nothing
    email: Email


def test_an_annotation_that_cannot_be_read_is_never_permitted_and_alone_so() -> None:
    model = Unreadable("c-1", "x", "e")

    assert dropped(model, "provide_service") == {"id": "c-1", "email": "e"}
    assert GATE.fields(Unreadable, "provide_service") == ("id", "email")
    with pytest.raises(PurposeViolation) as caught:
        GATE.disclose(model, "provide_service")
    assert caught.value.decision.reason is Reason.UNKNOWN_CATEGORY


def test_a_label_that_the_policy_does_not_know_is_never_permitted() -> None:
    class Misspelt(BaseModel):
        email: Annotated[str, Personal("emial_address")]

    assert dropped(Misspelt(email="e"), "provide_service") == {}


class Colour(enum.Enum):
    RED = "red"


def test_plain_values_pass_as_they_are() -> None:
    class Plain(BaseModel):
        model_config = ConfigDict(arbitrary_types_allowed=True)
        when: date = date(2026, 1, 1)
        which: UUID = UUID(int=1)
        colour: Colour = Colour.RED
        tags: frozenset[str] = frozenset({"a"})
        queue: collections.deque[int] = collections.deque([1])
        nothing: None = None

    assert dropped(Plain()) == {
        "when": date(2026, 1, 1),
        "which": UUID(int=1),
        "colour": Colour.RED,
        "tags": frozenset({"a"}),
        "queue": [1],
        "nothing": None,
    }


def test_a_field_that_holds_nothing_yet_is_not_there() -> None:
    assert dropped(Contact.model_construct(kind="home")) == {"kind": "home"}  # type: ignore[call-arg]  # not validated


def test_what_refers_to_itself_ends() -> None:
    @dataclass
    class Node:
        usage: Usage
        others: list[Any] = field(default_factory=list)

    node = Node("u")
    node.others += [node, Node("v")]

    assert dropped(node) == {"usage": "u", "others": [{"usage": "v", "others": []}]}


# SQLAlchemy


class Base(DeclarativeBase):
    pass


class Employer(Base):
    __tablename__ = "employers"
    id: Mapped[int] = mapped_column(primary_key=True)
    contact: Mapped[Email]
    rows: Mapped[list[Row]] = relationship(back_populates="employer")


class Row(Base):
    __tablename__ = "rows"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[Annotated[str | None, Personal("email_address")]]
    usage: Mapped[Usage]
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"))
    employer: Mapped[Employer] = relationship(back_populates="rows")


class SqlRow(SQLModel, table=True):
    id: int | None = SqlField(default=None, primary_key=True)
    email: Email
    usage: Usage


def test_mapped_rows_are_read_with_what_is_loaded() -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Row(id=1, email="e", usage="u", employer=Employer(id=7, contact="c")), SqlRow(id=1, email="e", usage="u")])
        session.commit()
        row, sql_row = session.get_one(Row, 1), session.get_one(SqlRow, 1)
        session.expire_all()

        assert dropped(row) == {"id": 1, "usage": "u", "employer_id": 7}
        assert dropped(sql_row) == {"id": 1, "usage": "u"}
        assert row.employer.contact == "c"
        assert dropped(row)["employer"] == {"id": 7}
    engine.dispose()


# What is refused


@pytest.mark.parametrize(
    "data", ["e", 7, {"email": "e"}, ["e"], [{"a": 1}], {"a": [1]}, (Contact(email="e"), "e"), {"e": Contact(email="e")}]
)
def test_data_that_no_type_declares_are_refused(data: object) -> None:
    with pytest.raises(DeclarationError, match="no type says"):
        dropped(data)


@pytest.mark.parametrize("data", [None, [], {}, (), [None], [[]]])
def test_nothing_is_nothing(data: object) -> None:
    assert dropped(data) == data


def test_an_iterator_is_refused_and_not_used_up() -> None:
    step = iter([a_candidate()])
    with pytest.raises(TypeError, match="used up"):
        dropped(step)
    with pytest.raises(TypeError, match="used up"):
        dropped(AnyHolder(anything=(each for each in [a_candidate()])))

    assert next(step).id == "c-1"


def test_it_is_dropped_marked_or_refused_and_nothing_else() -> None:
    with pytest.raises(ValueError, match="ignore"):
        GATE.disclose(a_candidate(), ADVERTISING, on_denied="ignore")  # type: ignore[arg-type]  # the mistake that is tested


def test_without_a_purpose_only_what_is_not_labelled_goes_out() -> None:
    assert GATE.disclose(a_candidate(), on_denied="drop") == {"id": "c-1", "contacts": [{"kind": "work"}]}
    with pytest.raises(PurposeViolation) as caught:
        GATE.disclose(a_candidate())
    assert caught.value.decision.reason is Reason.UNKNOWN_PURPOSE
    with GATE.purpose("view_video_interview", ACME):
        assert GATE.disclose(a_candidate(), on_denied="drop") == {
            "id": "c-1",
            "email": "e",
            "contacts": [{"email": "e2", "kind": "work"}],
        }


def test_a_refusal_holds_the_second_time_too() -> None:
    """What was settled the first time is a refusal as loud as the first."""
    for _ in range(3):
        with pytest.raises(PurposeViolation):
            GATE.disclose(a_candidate(), ADVERTISING)
        assert "email" not in dropped(a_candidate())


def test_sealed_values_open_where_they_may_and_stay_where_they_may_not() -> None:
    class Sealing(BaseModel):
        email: Annotated[Sealed[str], Personal("email_address")]
        usage: Sealed[Usage]
        anything: Any = None

    model = Sealing.model_validate({"email": "e", "usage": "u"})
    model.anything = [Sealed("v", "video_interview"), Sealed("w", "usage_history"), Sealed("never")]

    assert dropped(model) == {"usage": "u", "anything": ["w"]}
    assert GATE.disclose(model, ADVERTISING, on_denied="mark")["anything"] == ["[withheld]", "w", "[withheld]"]
    assert dropped([Sealed("v", "video_interview")]) == []
    assert dropped(Sealed("v", "video_interview")) is None


# Records


def test_one_record_for_each_category_and_person() -> None:
    trail = MemorySink()
    gate = Gate.load(SHIPPED, trail=trail, clock=lambda: NOW)
    rows = [CandidateData(f"c-{number % 2}", "e", "u") for number in range(6)]

    disclosed = gate.disclose(rows, ADVERTISING, subject=From("id"), on_denied="drop")

    assert disclosed == [{"id": f"c-{number % 2}", "usage": "u", "contacts": []} for number in range(6)]
    assert [(each.decision.data_category, each.subject, each.decision.permitted) for each in trail.records] == [
        ("email_address", "c-0", False),
        ("usage_history", "c-0", True),
        ("email_address", "c-1", False),
        ("usage_history", "c-1", True),
    ]


def test_what_is_refused_is_recorded_as_denied_and_nothing_as_released() -> None:
    trail = MemorySink()
    gate = Gate.load(SHIPPED, trail=trail, clock=lambda: NOW)
    with pytest.raises(PurposeViolation):
        gate.disclose([a_candidate()], ADVERTISING)

    assert [(each.decision.data_category, each.decision.permitted) for each in trail.records] == [("email_address", False)]


def test_asking_which_fields_releases_nothing() -> None:
    trail, ledger = MemorySink(), a_ledger([ACME])
    gate = Gate.load(SHIPPED, trail=trail, ledger=ledger, clock=lambda: NOW)

    assert gate.fields(Candidate, "view_video_interview", ACME, subject="s1", channel="email") == (
        "id", "email", "contacts.email", "contacts.kind",
    )  # fmt: skip
    assert {record.asked.value for record in trail.records} == {"question"}
    assert ledger.releases() == ()


def test_each_persons_objection_counts_for_that_person() -> None:
    class Objecting(MemoryLedger):
        def consult(self, use: Use, as_of: Any = None) -> Records:
            if use.subject == "c-2":
                raise LedgerError("no answer")
            return super().consult(use, as_of)

    gate = Gate.load(SHIPPED, ledger=Objecting([ACME], clock=lambda: NOW), clock=lambda: NOW)
    rows = [CandidateData(f"c-{number}", "e", "u") for number in range(4)]

    with pytest.raises(LedgerError):
        gate.disclose(rows, "provide_service", subject=From("id"))
    assert len(gate.disclose([rows[0], rows[3]], "provide_service", subject=From("id"))) == 2
    with pytest.raises(PurposeViolation) as caught:
        gate.disclose(rows[0], "provide_service", subject=From("nothing"))
    assert caught.value.decision.reason is Reason.SUBJECT_REQUIRED


def test_a_new_policy_is_a_new_answer() -> None:
    before = Gate.load(SHIPPED)
    assert "usage" in before.disclose(CandidateData("c", "e", "u"), ADVERTISING, on_denied="drop")
    before.reload()
    assert "usage" in before.disclose(CandidateData("c", "e", "u"), ADVERTISING, on_denied="drop")
    assert before._snapshot.derived


def test_while_observing_everything_goes_out_and_that_is_not_remembered() -> None:
    now = [NOW]
    gate = Gate.load(SHIPPED, observe=Observe(until=NOW.date().replace(day=20), reason="adoption"), clock=lambda: now[-1])

    assert set(gate.disclose(a_candidate(), ADVERTISING)) == {"id", "email", "usage", "contacts"}
    now.append(NOW.replace(day=21))
    with pytest.raises(PurposeViolation):
        gate.disclose(a_candidate(), ADVERTISING)


def test_the_json_schema_shows_the_labels() -> None:
    properties = Candidate.model_json_schema()["properties"]

    assert properties["email"] == {"title": "Email", "type": "string", "x-personal": ["email_address"]}
    assert "x-personal" not in properties["id"]
    assert Wide.model_json_schema()["properties"]["twice"]["x-personal"] == ["usage_history", "video_interview"]


def test_a_label_names_a_category() -> None:
    with pytest.raises(TypeError):
        Personal(7)  # type: ignore[arg-type]  # the mistake that is tested
    assert json.dumps(dataclasses.asdict(Personal("name"))) == '{"data_category": "name"}'


SEEN = {"id": "c-1", "usage": "u", "note": None}


class Visit(BaseModel):
    id: str
    email: Email
    usage: Usage
    note: object = None

    @cached_property
    def email_again(self) -> str:
        return self.email


def a_visit(**fields: object) -> Visit:
    return Visit.model_construct(**{"id": "c-1", "email": "e", "usage": "u", "note": None} | fields)  # type: ignore[arg-type]  # on purpose


def without(visit: Visit, name: str) -> Visit:
    delattr(visit, name)
    return visit


def a_visit_with_more_than_its_fields() -> Visit:
    visit = a_visit()
    assert visit.email_again == "e"
    return visit


@pytest.mark.parametrize(
    ("visit", "expected"),
    [
        (a_visit, SEEN),
        (a_visit_with_more_than_its_fields, SEEN),
        (
            lambda: a_visit(note=a_candidate()),
            {"id": "c-1", "usage": "u", "note": {"id": "c-1", "usage": "u", "contacts": [{"kind": "work"}]}},
        ),
        (lambda: a_visit(note=[Contact(email="e")]), SEEN | {"note": [{"kind": "work"}]}),
        (lambda: a_visit(note=Sealed("e", "email_address")), {"id": "c-1", "usage": "u"}),
        (lambda: a_visit(usage=Sealed("e", "email_address")), {"id": "c-1", "note": None}),
        (lambda: without(a_visit(), "email"), SEEN),
        (lambda: without(without(a_visit(), "usage"), "id"), {"note": None}),
    ],
)
def test_what_is_known_of_a_class_projects_an_instance_as_if_nothing_was_known(
    visit: Callable[[], Visit], expected: dict[str, object]
) -> None:
    gate = Gate.load(SHIPPED)
    first = gate.disclose(visit(), ADVERTISING, on_denied="drop")
    among = gate.disclose([a_visit(), visit(), a_visit()], ADVERTISING, on_denied="drop")

    assert first == gate.disclose(visit(), ADVERTISING, on_denied="drop") == among[1] == expected
    assert among[0] == among[2] == SEEN


def test_what_is_known_of_a_class_still_refuses_marks_and_complains() -> None:
    gate = Gate.load(SHIPPED)
    for _ in range(2):
        assert gate.disclose(a_visit(), ADVERTISING, on_denied="drop") == SEEN
        assert gate.disclose(a_visit(), ADVERTISING, on_denied="mark")["email"] == "[withheld]"
        with pytest.raises(PurposeViolation):
            gate.disclose(a_visit(), ADVERTISING)
        with pytest.raises(ValueError, match="hide"):
            gate.disclose(Contact(email="e"), "send_service_email", on_denied="hide")  # type: ignore[arg-type]  # on purpose


def test_what_goes_out_at_once_is_a_copy() -> None:
    visit = a_visit()
    for purpose in ("send_service_email", ADVERTISING):
        for _ in range(2):
            GATE.disclose(visit, purpose, on_denied="drop").clear()

    assert visit.email == "e"


class Bookmark(BaseModel):
    email: Email
    url: pydantic.HttpUrl
    zone: ZoneInfo


def test_an_object_that_its_field_declares_goes_out_whatever_it_is_made_of() -> None:
    bookmark = Bookmark(email="e", url=pydantic.HttpUrl("https://page.test/"), zone=ZoneInfo("Asia/Tokyo"))

    assert dropped(bookmark) == {"url": bookmark.url, "zone": bookmark.zone}


def test_one_that_holds_something_labelled_further_down_does_not_go_out_whole() -> None:
    class Outer:
        def __init__(self) -> None:
            self.inner = SimpleNamespace(contact=Contact(email="e"))

    class Job(BaseModel, arbitrary_types_allowed=True):
        outer: Outer

    assert dropped(Job(outer=Outer())) == {"outer": {"inner": {"contact": {"kind": "work"}}}}


@dataclass
class Owner:
    id: str


@dataclass
class OwnedRow:
    owner: Owner
    email: Email


def test_whose_a_record_is_may_stand_deeper_in_it() -> None:
    trail = MemorySink()
    gate = Gate.load(SHIPPED, trail=trail)

    gate.disclose([OwnedRow(Owner("c-1"), "e"), OwnedRow(Owner("c-2"), "e")], "send_service_email", subject=From("owner.id"))

    assert [each.subject for each in trail.records] == ["c-1", "c-2"]


def test_what_is_known_of_a_class_for_one_channel_is_not_used_for_another() -> None:
    gate = Gate.load(SHIPPED)
    row = Contact(email="e")
    by_email: dict[str, Any] = {"on_denied": "drop", "channel": "email"}

    for _ in range(2):
        gate.disclose(row, "view_video_interview", ACME, on_denied="drop")
        assert gate.disclose(row, "view_video_interview", ACME, **by_email) == {"email": "e", "kind": "work"}
        with pytest.raises(PurposeViolation):
            gate.disclose(row, "view_video_interview", ACME, channel="fax")
