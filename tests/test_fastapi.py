"""The gate in FastAPI: a purpose for each route, and answers that hold only what it may see; through the real framework."""

from __future__ import annotations

import asyncio
import difflib
import logging
import runpy
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

import httpx
import pytest
import uvicorn
from builders import NOW, SHIPPED, a_ledger
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, HTTPException, Query, Response, WebSocket
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, StreamingResponse
from fastapi.routing import APIRoute
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, RootModel, computed_field, field_validator, model_serializer
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from purposegate import (
    DeclarationError,
    From,
    Gate,
    LodgedObjection,
    MemoryLedger,
    MemorySink,
    Personal,
    Records,
    Release,
    Sealed,
    Use,
)
from purposegate.integrations.fastapi import for_purpose, install, route_class
from purposegate.ledger.protocol import AsOf

EMAIL = "hanako.sato@example.com"
ACME = "employer_company/acme"
# Advertising may use the usage history and nothing else here; mail for the service may use all of it.
ADVERTISING, SERVICE = "distribute_advertising", "send_service_email"

Email = Annotated[str, Personal("email_address")]
Usage = Annotated[str, Personal("usage_history")]
Item = TypeVar("Item")


class Contact(BaseModel):
    email: Email = EMAIL
    kind: str = "work"


class Candidate(BaseModel):
    model_config = ConfigDict(from_attributes=True, populate_by_name=True)

    id: str = "c-1"
    email: Email = Field(default=EMAIL, alias="eMail")
    usage: Usage = "often"
    sealed: Annotated[Sealed[str], Personal("email_address")] = Sealed(EMAIL, "email_address")
    contacts: list[Contact] = [Contact()]
    by_kind: dict[str, Contact] = {"work": Contact()}
    other: Contact | str | None = None


WHOLE = {
    "id": "c-1",
    "eMail": EMAIL,
    "usage": "often",
    "sealed": EMAIL,
    "contacts": [{"email": EMAIL, "kind": "work"}],
    "by_kind": {"work": {"email": EMAIL, "kind": "work"}},
    "other": None,
}
SEEN = {"id": "c-1", "usage": "often", "contacts": [{"kind": "work"}], "by_kind": {"work": {"kind": "work"}}, "other": None}


@dataclass
class Service:
    """An app with a gate in it, and a trail."""

    ledger: MemoryLedger | None = None
    trail: MemorySink = field(default_factory=MemorySink)

    def __post_init__(self) -> None:
        self.gate = Gate.load(SHIPPED, trail=self.trail, ledger=self.ledger, clock=lambda: NOW)
        self.app = FastAPI()
        install(self.app, self.gate)

    def get(self, path: str = "/", **request: Any) -> httpx.Response:
        return ask(self.app, path, **request)

    def serve(self, endpoint: Callable[..., Any], purpose: str | None, path: str = "/", /, **options: Any) -> None:
        said = {
            key: options.pop(key) for key in ("recipient", "subject", "channel", "each", "on_denied", "unchecked") if key in options
        }
        dependencies = [] if purpose is None else [for_purpose(self.gate, purpose, **said)]
        self.app.get(path, dependencies=dependencies, **options)(endpoint)


def ask(app: Any, path: str = "/", method: str = "GET", **request: Any) -> httpx.Response:
    async def asking() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service.test") as client:
            return await client.request(method, path, **request)

    return asyncio.run(asking())


def returning(value: object, annotation: Any = None) -> Callable[..., Any]:
    async def endpoint() -> Any:
        return value

    endpoint.__annotations__["return"] = annotation
    return endpoint


def problem(response: httpx.Response) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/problem+json"
    assert EMAIL not in response.text
    told: dict[str, Any] = response.json()
    assert told["status"] == response.status_code
    return told


@pytest.mark.parametrize("in_a_thread", [False, True])
def test_a_route_answers_what_its_purpose_may_see(in_a_thread: bool) -> None:
    service = Service()

    async def candidate() -> Candidate:
        return Candidate()

    def candidate_in_a_thread() -> Candidate:
        return Candidate()

    endpoint = candidate_in_a_thread if in_a_thread else candidate
    service.serve(endpoint, SERVICE, "/service")
    service.serve(endpoint, ADVERTISING, "/advertising")

    assert service.get("/service").json() == WHOLE
    assert service.get("/advertising").json() == SEEN


def test_each_release_is_recorded_once_and_what_is_denied_too() -> None:
    service = Service()
    service.serve(returning(Contact(), Contact), SERVICE, "/service")
    service.serve(returning(Contact(), Contact), ADVERTISING, "/advertising")

    service.get("/service")
    service.get("/advertising")

    assert [(each.decision.data_category, each.decision.permitted, each.asked.value) for each in service.trail.records] == [
        ("email_address", True, "release"),
        ("email_address", False, "release"),
    ]


class Row:
    """What a database gives: it says nothing of what it holds."""

    id, email, usage, sealed, contacts, by_kind, other = "c-1", EMAIL, "often", EMAIL, (), {"work": Contact()}, None


class LabelledRow:
    id: str
    email: Email

    def __init__(self) -> None:
        self.id, self.email = "c-1", EMAIL


class Plain(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    email: str = "none"


class Detailed(Candidate):
    phone: Annotated[str, Personal("user_information")] = "81"


class Page(BaseModel, Generic[Item]):
    items: list[Item]


class Typed(TypedDict):
    id: str
    email: Email


@dataclass
class Card:
    id: str
    email: Email


class Everybody(RootModel[list[Contact]]):
    pass


class Greeting(BaseModel):
    email: Email = EMAIL

    @computed_field  # type: ignore[prop-decorator]  # as pydantic has it
    @property
    def greeting(self) -> str:
        return f"Dear {self.email}"


class ByItself(BaseModel):
    email: Email = EMAIL

    @model_serializer
    def written(self) -> dict[str, str]:
        return {"address": self.email}


class Holder(BaseModel):
    anything: Any = None
    own: ByItself | None = None


@pytest.mark.parametrize(
    ("value", "annotation", "expected"),
    [
        ([Candidate(), Candidate()], list[Candidate], [SEEN, SEEN]),
        ({"a": Candidate()}, dict[str, Candidate], {"a": SEEN}),
        ((Contact(), 1), tuple[Contact, int], [{"kind": "work"}, 1]),
        (Candidate(other=Contact()), Candidate, SEEN | {"other": {"kind": "work"}}),
        (Candidate(), Candidate | Contact, SEEN),
        (Page(items=[Contact()]), Page[Contact], {"items": [{"kind": "work"}]}),
        (Detailed(), Candidate, SEEN),
        (Row(), Candidate, SEEN | {"contacts": []}),
        ({"id": "c-1", "eMail": EMAIL, "usage": "often"}, Candidate, SEEN),
        ({"id": "c-1", "email": EMAIL}, Typed, {"id": "c-1"}),
        (Card("c-1", EMAIL), Card, {"id": "c-1"}),
        ([Contact()], Everybody, [{"kind": "work"}]),
        (Greeting(), Greeting, {}),
        (Holder(anything=[{"x": Candidate()}]), Holder, {"anything": [{"x": SEEN}], "own": None}),
        (Holder(own=ByItself()), Holder, {"anything": None}),
        # The label stands on what is returned, and not on what it is made into.
        (LabelledRow(), Plain, {"id": "c-1"}),
        (Candidate(), dict[str, Any] | Plain, {"id": "c-1"}),
        (None, Candidate | None, None),
        (7, int, 7),
    ],
)
def test_whatever_a_route_returns_only_what_may_be_seen_goes_out(value: object, annotation: Any, expected: object) -> None:
    service = Service()
    service.serve(returning(value, annotation), ADVERTISING)
    service.serve(returning(value, Any), ADVERTISING, "/modelled", response_model=annotation)

    for path in ("/", "/modelled"):
        response = service.get(path)
        assert (response.status_code, response.json()) == (200, expected)
        assert EMAIL not in response.text


def test_an_iterator_is_looked_through_too() -> None:
    service = Service()
    service.serve(returning(iter([Contact()]), list[Contact]), ADVERTISING)

    assert service.get().json() == [{"kind": "work"}]


@pytest.mark.parametrize(
    ("value", "annotation"),
    [(EMAIL, Email), (ByItself(), ByItself), (Sealed(EMAIL, "email_address"), Annotated[Sealed[str], Personal("email_address")])],
)
def test_an_answer_of_which_nothing_is_left_is_refused(value: object, annotation: Any) -> None:
    service = Service()
    service.serve(returning(value, annotation), ADVERTISING)

    told = problem(service.get())

    assert (told["status"], told["reason"], told["clauses"]) == (403, "undeclared-purpose", ["3(8)"])


def test_a_route_may_refuse_the_whole_instead() -> None:
    service = Service()
    service.serve(returning(Candidate(), Candidate), ADVERTISING, on_denied="refuse")

    told = problem(service.get())

    assert told == {
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
        "detail": "`email_address` may not be used for `distribute_advertising` by `en_japan`: "
        "the purpose is not declared for this category [undeclared-purpose]",
        "reason": "undeclared-purpose",
        "clauses": ["3(8)"],
    }


def test_the_options_of_a_route_about_what_it_answers_hold_as_well() -> None:
    service = Service()
    endpoint = returning(Candidate(usage="x"), Candidate)
    two = {"id", "email"}
    service.serve(endpoint, ADVERTISING, "/a", response_model_exclude={"contacts": {"__all__": {"kind"}}})
    service.serve(endpoint, ADVERTISING, "/b", response_model_include=two)
    service.serve(endpoint, ADVERTISING, "/c", response_model_exclude_unset=True)
    service.serve(endpoint, SERVICE, "/d", response_model_include=two, response_model_by_alias=False)
    service.serve(endpoint, SERVICE, "/e", response_class=JSONResponse, status_code=202)

    assert service.get("/a").json() == SEEN | {"usage": "x", "contacts": [{}]}
    assert service.get("/b").json() == {"id": "c-1"}
    assert service.get("/c").json() == {"usage": "x"}
    assert service.get("/d").json() == {"id": "c-1", "email": EMAIL}
    assert (service.get("/e").status_code, service.get("/e").json()) == (202, WHOLE | {"usage": "x"})


def test_a_labelled_answer_without_a_purpose_is_refused() -> None:
    service = Service()
    service.serve(returning(Candidate(), Candidate), None, "/labelled")
    service.serve(returning(LabelledRow(), Plain), None, "/made-of-it")
    service.serve(returning({"status": "fine"}), None, "/health")

    assert problem(service.get("/labelled"))["reason"] == "unknown-purpose"
    assert problem(service.get("/made-of-it"))["reason"] == "unknown-purpose"
    assert service.get("/health").json() == {"status": "fine"}


def streamed() -> Iterator[str]:
    yield EMAIL


async def streaming_items() -> AsyncIterator[Contact]:
    yield Contact()


@pytest.mark.parametrize(
    "value",
    [
        JSONResponse({"email": EMAIL}),
        HTMLResponse(EMAIL),
        Response(EMAIL),
        StreamingResponse(streamed()),
        FileResponse(__file__),
        {"email": EMAIL},
        Candidate(),
    ],
    ids=range(7),
)
def test_what_no_model_declares_does_not_go_out_for_a_purpose(value: object) -> None:
    service = Service()
    service.serve(returning(value), SERVICE, response_model=None)

    assert problem(service.get())["status"] == 500


@pytest.mark.parametrize("endpoint", [streamed, streaming_items])
@pytest.mark.parametrize("response_class", [StreamingResponse, None])
def test_nor_does_a_stream(endpoint: Callable[..., Any], response_class: Any) -> None:
    service = Service()
    options = {} if response_class is None else {"response_class": response_class}
    service.serve(endpoint, SERVICE, "/for-a-purpose", **options)

    assert problem(service.get("/for-a-purpose"))["status"] == 500


def test_a_stream_of_labelled_items_does_not_go_out_without_a_purpose_either() -> None:
    service = Service()
    service.serve(streaming_items, None)

    assert problem(service.get())["status"] == 500


def test_what_says_why_it_may_go_out_unseen_goes_out_and_so_does_what_is_empty() -> None:
    service = Service()
    service.serve(returning(HTMLResponse("fine")), SERVICE, "/page", response_model=None, unchecked="a page with no data")
    service.serve(returning(None), SERVICE, "/nothing")
    service.serve(returning(RedirectResponse("/")), SERVICE, "/elsewhere", response_model=None)
    service.serve(returning(Response(status_code=204)), SERVICE, "/empty", response_model=None)

    assert [service.get(path).status_code for path in ("/page", "/nothing", "/elsewhere", "/empty")] == [200, 200, 307, 204]
    with pytest.raises(DeclarationError, match="no-reason"):
        for_purpose(service.gate, SERVICE, unchecked=" ")


def test_the_purpose_is_over_when_background_tasks_and_streams_run() -> None:
    service = Service()
    sent: list[str] = []

    @service.gate.guard("email_address")
    async def mail() -> None:
        sent.append(EMAIL)

    @service.gate.guard("email_address")
    def rows() -> Iterator[str]:
        yield EMAIL

    async def with_a_task(tasks: BackgroundTasks) -> Contact:
        await mail()
        tasks.add_task(mail)
        return Contact()

    async def with_a_stream() -> StreamingResponse:
        return StreamingResponse(rows())

    service.serve(with_a_task, SERVICE, "/task")
    service.serve(with_a_stream, SERVICE, "/stream", unchecked="its steps ask")

    for path in ("/task", "/stream"):
        with pytest.raises(RuntimeError) as caught:
            service.get(path)
        assert "unknown-purpose" in str(caught.value.__cause__)
    assert sent == [EMAIL]


def test_a_guard_in_a_route_asks_for_the_purpose_and_the_person_of_the_route() -> None:
    ledger = a_ledger([ACME])
    ledger.enter(LodgedObjection("c-9", "suspend_use", lodged=NOW))
    service = Service(ledger)

    @service.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return EMAIL

    async def email(candidate_id: str) -> Contact:
        return Contact(email=email_of(candidate_id))

    service.serve(email, SERVICE, "/candidates/{candidate_id}", subject=From("candidate_id"))
    service.serve(email, SERVICE, "/search", subject=From("candidate_id"))
    service.serve(email, SERVICE, "/header", subject=From(lambda request: request.headers.get("x-person")))

    assert service.get("/candidates/c-1").json()["email"] == EMAIL
    assert service.get("/search?candidate_id=c-1").json()["email"] == EMAIL
    assert service.get("/header?candidate_id=c-1", headers={"x-person": "c-1"}).json()["email"] == EMAIL
    assert {each.subject for each in service.trail.records} == {"c-1"}
    assert problem(service.get("/candidates/c-9"))["reason"] == "objection-in-force"
    assert problem(service.get("/header?candidate_id=c-1"))["reason"] == "subject-required"
    assert service.get("/search").status_code == 422


def test_a_part_is_taken_only_from_what_the_route_itself_reads_so_that_nobody_else_can_name_the_person() -> None:
    ledger = a_ledger([ACME])
    ledger.enter(LodgedObjection("c-9", "suspend_use", lodged=NOW))
    service = Service(ledger)

    async def by_path(candidate_id: str) -> Contact:
        return Contact()

    async def by_alias(candidate_id: Annotated[str, Query(alias="cid")] = "c-1") -> Contact:
        return Contact()

    service.serve(by_path, SERVICE, "/misspelt/{candidate_id}", subject=From("candidat_id"))
    service.serve(by_path, SERVICE, "/path/{candidate_id}", subject=From("candidate_id"), on_denied="refuse")
    service.serve(by_alias, SERVICE, "/alias", subject=From("candidate_id"), on_denied="refuse")

    for path in ("/misspelt/c-9?candidat_id=c-1", "/misspelt/c-9"):
        assert problem(service.get(path))["status"] == 500
    assert problem(service.get("/path/c-9?candidate_id=c-1"))["reason"] == "objection-in-force"
    assert problem(service.get("/alias?cid=c-9&candidate_id=c-1"))["reason"] == "objection-in-force"
    assert problem(service.get("/alias?candidate_id=c-1"))["reason"] == "subject-required"
    assert service.get("/alias?cid=c-1").json()["email"] == EMAIL


def test_no_coroutine_waits_for_the_ledger_on_the_event_loop() -> None:
    asked_by: list[bool] = []

    class Asked(MemoryLedger):
        def consult(self, use: Use, as_of: AsOf = None) -> Records:
            asked_by.append(threading.current_thread() is threading.main_thread())
            return super().consult(use, as_of)

        def record(self, releases: Sequence[Release]) -> None:
            asked_by.append(threading.current_thread() is threading.main_thread())
            super().record(releases)

    ledger = Asked([ACME], clock=lambda: NOW)
    ledger.enter(LodgedObjection("c-9", "suspend_use", lodged=NOW))
    service = Service(ledger)

    @service.gate.guard("email_address")
    async def email_of(candidate_id: str) -> str:
        return EMAIL

    async def guarded(candidate_id: str) -> Contact:
        return Contact(email=await email_of(candidate_id))

    async def from_a_dictionary(candidate_id: str) -> Any:
        return {"email": EMAIL, "kind": candidate_id}

    async def wrong(candidate_id: str) -> Any:
        return {"email": 7}

    paths = ("/guarded", "/dictionary", "/wrong")
    for path, endpoint in zip(paths, (guarded, from_a_dictionary, wrong), strict=True):
        service.serve(endpoint, SERVICE, path + "/{candidate_id}", subject=From("candidate_id"), response_model=Contact)

    assert service.get("/guarded/c-1").json() == {"email": EMAIL, "kind": "work"}
    assert problem(service.get("/guarded/c-9"))["reason"] == "objection-in-force"
    assert service.get("/dictionary/c-1").json() == {"email": EMAIL, "kind": "c-1"}
    assert service.get("/dictionary/c-9").json() == {"kind": "c-9"}
    assert asked_by
    assert not any(asked_by)
    assert service.get("/wrong/c-1").status_code == 500
    assert not any(asked_by[:-1])  # what does not fit its model is looked at by FastAPI once more, to say what is wrong with it


def test_each_record_of_an_answer_may_be_about_another_person() -> None:
    ledger = a_ledger([ACME])
    ledger.enter(LodgedObjection("c-9", "suspend_use", lodged=NOW))
    service = Service(ledger)
    people = [Candidate(id="c-1", contacts=[]), Candidate(id="c-9", contacts=[])]
    service.serve(returning(people, list[Candidate]), SERVICE, "/each", each=From("id"))
    service.serve(returning(people, list[Candidate]), SERVICE, "/nobody")
    service.serve(returning(people[0], Candidate), SERVICE, "/one", each=From("id"))

    first, second = service.get("/each").json()

    assert first == WHOLE | {"contacts": []}
    assert second == {"id": "c-9", "contacts": [], "by_kind": {"work": {"kind": "work"}}, "other": None}
    assert service.get("/nobody").json()[0] == second | {"id": "c-1"}
    assert service.get("/one").json() == first


def test_what_is_sealed_is_released_once_with_the_rest() -> None:
    service = Service()
    service.serve(returning(Candidate(), Candidate), SERVICE)

    service.get()

    assert sorted(each.decision.data_category for each in service.trail.records) == ["email_address", "usage_history"]


class Folder(BaseModel):
    inside: Annotated[Sealed[Any], Personal("usage_history")]


def test_what_is_sealed_is_looked_into_before_it_is_written() -> None:
    service = Service()
    service.serve(returning(Folder(inside=Contact()), Folder), ADVERTISING)
    service.serve(returning(Folder(inside=Contact()), Folder), SERVICE, "/service")

    assert service.get().json() == {}
    assert service.get("/service").json() == {"inside": {"email": EMAIL, "kind": "work"}}


def test_a_class_that_a_route_answered_with_is_disclosed_as_fast_as_before() -> None:
    gate = Gate.load(SHIPPED)
    app = FastAPI()
    install(app, gate)
    app.get("/", dependencies=[for_purpose(gate, ADVERTISING)])(returning(Contact(), Contact))

    ask(app)

    (known,) = [fields for key, fields in gate._snapshot.derived.items() if isinstance(key, tuple) and key[0] is Contact]
    assert known.at_once(Contact(), "drop") == {"kind": "work"}


class Renamed(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    number: str = Field(validation_alias="id")
    address: str = Field(default="none", validation_alias=AliasChoices("e_mail", "email"))


def test_a_field_under_another_name_keeps_the_label_of_what_it_was_made_of() -> None:
    service = Service()
    service.serve(returning([LabelledRow()], list[Renamed]), ADVERTISING)
    service.serve(returning([LabelledRow()], list[Renamed]), SERVICE, "/service")

    assert service.get().json() == [{"number": "c-1"}]
    assert service.get("/service").json() == [{"number": "c-1", "address": EMAIL}]


class Computing:
    """An object with a label, and properties that may give what the label says, or what is in an object of its own."""

    id: str
    email: Email
    contact: Contact

    def __init__(self) -> None:
        self.id, self.email, self.contact = "c-1", EMAIL, Contact()

    @property
    def greeting(self) -> str:
        return f"Dear {self.email}"

    @property
    def others(self) -> list[Contact]:
        return [self.contact]


class Computed(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    greeting: str = "Dear you"
    others: list[dict[str, str]] | list[Contact] = []
    known: str = "yes"


def test_a_property_of_a_labelled_object_may_give_any_of_its_fields() -> None:
    service = Service()
    service.serve(returning({"one": Computing()}, dict[str, Computed]), ADVERTISING)
    service.serve(returning({"one": Computing()}, dict[str, Computed]), SERVICE, "/service")
    service.serve(returning(Computing(), Computed), ADVERTISING, "/refuse", on_denied="refuse")

    assert service.get().json() == {"one": {"id": "c-1", "known": "yes"}}
    assert service.get("/service").json()["one"]["greeting"] == f"Dear {EMAIL}"
    assert problem(service.get("/refuse"))["reason"] == "undeclared-purpose"


def test_violations_in_a_group_of_tasks_are_answered_as_violations() -> None:
    service = Service()

    @service.gate.guard("video_interview")
    async def video() -> str:
        return "interview-1.mp4"

    def endpoint(also: Exception | None) -> Callable[..., Any]:
        async def grouped() -> None:
            async with asyncio.TaskGroup() as group:
                group.create_task(video())
                if also is not None:
                    raise also

        return grouped

    service.serve(endpoint(None), ADVERTISING, "/refused")
    service.serve(endpoint(LookupError("else")), ADVERTISING, "/failed")

    assert problem(service.get("/refused"))["reason"] == "undeclared-purpose"
    with pytest.raises(ExceptionGroup):
        service.get("/failed")


def test_an_answer_for_a_purpose_is_kept_by_no_cache_unless_the_route_says_so() -> None:
    service = Service()
    service.serve(returning(Contact(), Contact), SERVICE, "/silent")
    service.serve(returning(7, int), None, "/no-purpose")

    async def cached(response: Response) -> Contact:
        response.headers["cache-control"] = "private"
        return Contact()

    service.serve(cached, SERVICE, "/cached")

    assert [service.get(path).headers.get("cache-control") for path in ("/silent", "/cached", "/no-purpose")] == [
        "no-store",
        "private",
        None,
    ]


def test_a_recipient_is_taken_from_the_request_and_never_becomes_the_controller() -> None:
    service = Service()
    employer = From(lambda request: f"employer_company/{request.query_params['employer']}" if request.query_params else None)

    async def name() -> Annotated[str, Personal("name")]:
        return "Hanako"

    service.serve(name, "view_video_interview", recipient=employer)

    assert service.get("/?employer=acme").json() == "Hanako"
    assert service.trail.records[-1].decision.recipient == ACME
    assert problem(service.get("/"))["reason"] == "unknown-recipient"


def test_misspelt_names_fail_where_the_route_is_declared() -> None:
    service = Service()
    for parts, slug in (
        ({"purpose": "send_servce_email"}, "unknown-purpose"),
        ({"purpose": SERVICE, "recipient": "employer_compny/acme"}, "unknown-recipient"),
        ({"purpose": SERVICE, "channel": "pigeon"}, "unknown-channel"),
        ({"purpose": SERVICE, "subject": object()}, "no-id"),
    ):
        with pytest.raises(DeclarationError) as caught:
            for_purpose(service.gate, **parts)
        finding = caught.value.findings[0]
        assert finding.slug == slug
        assert finding.location is not None
        assert Path(str(finding.location).partition(":")[0]).name == "test_fastapi.py"
    for wrong in ("mark", "hide"):
        with pytest.raises(ValueError, match=wrong if wrong == "hide" else "drop"):
            for_purpose(service.gate, SERVICE, on_denied=wrong)  # type: ignore[arg-type]  # on purpose


def test_a_router_says_the_purpose_for_its_routes_and_one_of_them_only_narrows_it() -> None:
    service = Service()
    router = APIRouter(route_class=route_class(service.gate), prefix="/mail", dependencies=[for_purpose(service.gate, SERVICE)])
    router.get("/inherited")(returning(Candidate(), Candidate))
    router.get("/wider", dependencies=[for_purpose(service.gate, ADVERTISING)])(returning(Candidate(), Candidate))
    outer = APIRouter(route_class=route_class(service.gate))
    outer.include_router(router)
    service.app.include_router(outer, prefix="/v1")
    service.app.include_router(router)

    assert service.get("/v1/mail/inherited").json() == service.get("/mail/inherited").json() == WHOLE
    assert problem(service.get("/v1/mail/wider"))["reason"] == "wider-purpose"
    operation = service.app.openapi()["paths"]["/v1/mail/inherited"]["get"]
    assert [each["purpose"] for each in operation["x-purpose"]] == [SERVICE]


@pytest.mark.parametrize("with_a_purpose", [False, True])
def test_a_router_that_does_not_look_at_what_it_returns_sends_nothing_labelled(with_a_purpose: bool) -> None:
    service = Service()
    dependencies = [for_purpose(service.gate, SERVICE)] if with_a_purpose else []
    router = APIRouter(dependencies=dependencies)
    router.get("/labelled")(returning(Candidate(), list[Candidate]))
    router.get("/stream")(streaming_items)
    router.get("/plain")(returning(7, int))
    service.app.include_router(router)

    assert problem(service.get("/labelled"))["status"] == 500
    assert problem(service.get("/stream"))["status"] == 500
    assert service.get("/plain").status_code == (500 if with_a_purpose else 200)


def test_it_is_installed_before_routes_are_added_and_a_purpose_belongs_to_its_gate() -> None:
    app = FastAPI()
    app.get("/")(returning(Candidate(), Candidate))
    with pytest.raises(DeclarationError, match="route-before-install"):
        install(app, Gate.load(SHIPPED))

    service = Service()
    service.app.get("/", dependencies=[for_purpose(Gate.load(SHIPPED), SERVICE)])(returning(Candidate(), Candidate))
    assert problem(service.get())["status"] == 500


class Form(BaseModel, extra="forbid"):
    email: Annotated[Sealed[str], Personal("email_address")]
    age: int
    note: str = ""

    @field_validator("note")
    @classmethod
    def short(cls, note: str) -> str:
        raise ValueError(f"too long: {note}")


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]


class Animal(BaseModel):
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    name: Annotated[str, Field(max_length=3)]
    mood: Literal["good", "bad"]
    note: str

    @field_validator("note")
    @classmethod
    def refused(cls, note: str) -> str:
        raise PydanticCustomError("unwanted", "{note} is not wanted", {"note": note})


def test_nor_does_the_wording_of_an_error_repeat_it() -> None:
    service = Service()

    async def add(animal: Animal) -> None: ...

    service.app.post("/")(add)

    response = ask(service.app, method="POST", json={"pet": {"kind": EMAIL}, "name": EMAIL, "mood": EMAIL, "note": EMAIL})

    assert EMAIL not in response.text
    assert [(each["type"], each["msg"]) for each in response.json()["detail"]] == [
        ("union_tag_invalid", "Input tag '…' found using 'kind' does not match any of the expected tags: 'cat', 'dog'"),
        ("string_too_long", "String should have at most 3 characters"),
        ("literal_error", "Input should be 'good' or 'bad'"),
        ("unwanted", "this is not valid"),
    ]


def test_what_is_wrong_with_a_request_is_told_without_repeating_it() -> None:
    service = Service()

    async def apply(form: Form) -> None: ...

    service.app.post("/", dependencies=[for_purpose(service.gate, SERVICE)])(apply)

    response = ask(service.app, method="POST", json={"email": EMAIL, "age": EMAIL, "note": EMAIL, EMAIL: 1})
    cut_off = ask(service.app, method="POST", content=f'{{"email": "{EMAIL}"', headers={"content-type": "application/json"})

    assert (response.status_code, cut_off.status_code) == (422, 422)
    assert EMAIL not in response.text + cut_off.text
    assert [(each["type"], each["loc"]) for each in response.json()["detail"]] == [
        ("int_parsing", ["body", "age"]),
        ("value_error", ["body", "note"]),
        ("extra_forbidden", ["body", "…"]),
    ]


def test_an_answer_that_is_not_what_its_model_says_is_told_and_logged_without_it(caplog: pytest.LogCaptureFixture) -> None:
    service = Service()
    service.serve(returning({"id": [EMAIL]}, Plain), SERVICE)

    with caplog.at_level(logging.DEBUG):
        told = problem(service.get())

    assert told["status"] == 500
    assert "string_type" in caplog.text
    assert EMAIL not in caplog.text


def test_a_ledger_or_a_trail_that_fails_answers_503_and_nothing_goes_out() -> None:
    class Full(MemorySink):
        def write(self, records: Any) -> None:
            raise OSError(EMAIL)

    service = Service(trail=Full())
    service.serve(returning(Contact(), Contact), SERVICE)

    assert problem(service.get())["status"] == 503


def test_what_the_service_itself_refuses_stays_as_it_is() -> None:
    service = Service()

    async def missing() -> Candidate:
        raise HTTPException(404, "nobody")

    service.serve(missing, SERVICE)

    assert (service.get().status_code, service.get().json()) == (404, {"detail": "nobody"})


def test_the_openapi_page_shows_purposes_and_labels_and_nothing_else_has_changed() -> None:
    service = Service()
    bare = FastAPI()
    for app in (service.app, bare):
        app.get(
            "/candidates",
            summary="Candidates",
            dependencies=[for_purpose(service.gate, "view_video_interview", "employer_company")],
        )(returning([Candidate()], list[Candidate]))
        app.get("/health", description="Says that all is well.")(returning(True, bool))

    described, was = service.app.openapi(), bare.openapi()

    operation = described["paths"]["/candidates"]["get"]
    assert operation.pop("x-purpose") == [
        {
            "purpose": "view_video_interview",
            "recipient": "employer_company",
            "policy": "en-japan-video-interview",
            "revision": "2020-03-09",
        }
    ]
    assert operation.pop("description") == "Purpose: `view_video_interview`."
    assert described["components"]["schemas"]["Candidate"]["properties"]["eMail"]["x-personal"] == ["email_address"]
    assert described == was
    assert service.get("/openapi.json").json()["paths"]["/candidates"]["get"]["x-purpose"][0]["recipient"] == "employer_company"


def test_requests_at_once_keep_their_purposes_apart() -> None:
    service = Service()
    arrived = asyncio.Event()

    async def slowly(wait: str = "") -> Contact:
        if wait:
            await arrived.wait()
        arrived.set()
        return Contact()

    service.serve(slowly, SERVICE, "/service")
    service.serve(slowly, ADVERTISING, "/advertising")

    async def both() -> list[Any]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(service.app), base_url="http://service.test") as client:
            answers = await asyncio.gather(client.get("/service?wait=yes"), client.get("/advertising"))
        return [answer.json() for answer in answers]

    assert asyncio.run(both()) == [{"email": EMAIL, "kind": "work"}, {"kind": "work"}]


def test_a_dependency_may_use_data_under_the_purpose_and_an_override_cannot_take_it_away() -> None:
    service = Service()

    @service.gate.guard("email_address")
    async def email() -> str:
        return EMAIL

    async def answer(address: str = Depends(email)) -> Contact:
        return Contact(email=address)

    dependency = for_purpose(service.gate, SERVICE)
    service.app.get("/", dependencies=[dependency])(answer)
    assert service.get().json()["email"] == EMAIL

    service.app.dependency_overrides[dependency.dependency] = lambda: None
    assert problem(service.get())["reason"] == "unknown-purpose"


def test_a_websocket_has_no_purpose_of_a_route() -> None:
    service = Service()

    @service.app.websocket("/live", dependencies=[for_purpose(service.gate, SERVICE)])
    async def live(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(EMAIL)

    sent: list[Any] = []

    async def connect() -> None:
        async def receive() -> dict[str, str]:
            return {"type": "websocket.connect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "websocket", "path": "/live", "headers": [], "query_string": b"", "subprotocols": []}
        await service.app(scope, receive, send)

    asyncio.run(connect())

    assert sent[0]["status"] == 500
    assert "websocket.accept" not in [each["type"] for each in sent]
    assert EMAIL not in repr(sent)


def test_a_route_of_a_class_of_its_own_keeps_it() -> None:
    gate = Gate.load(SHIPPED)

    class Timed(route_class(gate)):  # type: ignore[misc]  # a class that is made at run time
        def get_route_handler(self) -> Callable[..., Any]:
            handle = super().get_route_handler()

            async def timed(request: Any) -> Response:
                response: Response = await handle(request)
                response.headers["x-took"] = "0"
                return response

            return timed

    app = FastAPI()
    install(app, gate)
    router = APIRouter(route_class=Timed)
    router.get("/", dependencies=[for_purpose(gate, ADVERTISING)])(returning(Contact(), Contact))
    app.include_router(router)

    response = ask(app)

    assert (response.headers["x-took"], response.json()) == ("0", {"kind": "work"})
    assert issubclass(Timed, APIRoute)


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Run a real server on a free port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        deadline = time.monotonic() + 30
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        (port,) = {socket.getsockname()[1] for each in server.servers for socket in each.sockets}
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)


def test_a_real_server_answers_the_same() -> None:
    service = Service()
    service.serve(returning(Candidate(), Candidate), ADVERTISING)
    service.serve(returning(Candidate(), Candidate), None, "/forgotten")

    with served(service.app) as url:
        answered, refused = httpx.get(url), httpx.get(f"{url}/forgotten")

    assert answered.json() == SEEN
    assert problem(refused)["reason"] == "unknown-purpose"


EXAMPLE = Path(__file__).parent.parent / "examples" / "fastapi_service"


def example(name: str) -> FastAPI:
    app: FastAPI = runpy.run_path(str(EXAMPLE / f"{name}.py"))["app"]
    return app


def test_adopting_it_takes_at_most_ten_lines_and_one_annotation_a_field() -> None:
    before, after = ((EXAMPLE / f"{name}.py").read_text().splitlines(keepends=True) for name in ("before", "after"))
    diff = list(difflib.unified_diff(before, after, "before.py", "after.py"))
    changed = [line for line in diff[2:] if line.startswith("+") and line.strip() != "+"]
    annotations = [line for line in changed if "Personal(" in line]

    assert "".join(diff) == (EXAMPLE / "adopting.diff").read_text()
    assert len(changed) - len(annotations) <= 10
    assert len(annotations) == 4


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/employers/acme/applicants", {"id", "name", "email", "video"}),
        ("/reminders/a-1", {"id", "name", "email", "video", "visits"}),
        ("/audience", {"id", "visits"}),
    ],
)
def test_the_example_answers_with_all_it_has_before_and_with_what_the_policy_permits_after(path: str, fields: set[str]) -> None:
    for name, expected in (("before", {"id", "name", "email", "video", "visits"}), ("after", fields)):
        answered = ask(example(name), path).json()
        for each in answered if isinstance(answered, list) else [answered]:
            assert set(each) == expected
