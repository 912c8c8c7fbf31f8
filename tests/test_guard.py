"""Guards: a function that uses personal data asks before its first line runs, and stays the function that it was."""

from __future__ import annotations

import asyncio
import functools
import inspect
import typing
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypedDict
from uuid import UUID

import pytest
from builders import NOW, SHIPPED, AskedLedger, a_folder, a_use_clause
from pydantic import BaseModel

from purposegate import (
    DeclarationError,
    From,
    Gate,
    MemorySink,
    Observe,
    Personal,
    PurposeViolation,
    Reason,
    Record,
    TrailError,
    Use,
)

GATE = Gate.load(SHIPPED)
ACME = "employer_company/acme"
ID = UUID(int=7)


@dataclass
class Watched:
    """A gate with a trail, and what ran."""

    trail: MemorySink = field(default_factory=MemorySink)
    ran: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate = Gate.load(SHIPPED, trail=self.trail, clock=lambda: NOW)

    @property
    def uses(self) -> list[tuple[str, str, str, str | None]]:
        return [
            (each.decision.data_category, each.decision.purpose, each.decision.recipient, each.subject)
            for each in self.trail.records
        ]


def denied(call: Callable[[], object]) -> Reason:
    with pytest.raises(PurposeViolation) as caught:
        call()
    return caught.value.decision.reason


def test_a_permitted_use_runs_and_a_denied_one_does_not() -> None:
    watched = Watched()

    @watched.gate.guard("email_address", purpose="send_service_email")
    def mail(address: str) -> str:
        watched.ran.append("mail")
        return f"to {address}"

    @watched.gate.guard("video_interview", purpose="distribute_advertising")
    def advertise() -> None:
        watched.ran.append("advertise")

    assert mail("x") == "to x"
    assert denied(advertise) is Reason.UNDECLARED_PURPOSE
    assert watched.ran == ["mail"]
    assert watched.uses == [
        ("email_address", "send_service_email", "en_japan", None),
        ("video_interview", "distribute_advertising", "en_japan", None),
    ]


def test_several_categories_are_released_together_or_not_at_all() -> None:
    watched = Watched()

    @watched.gate.guard("usage_history", "video_interview", purpose="distribute_advertising")
    def advertise() -> None:
        watched.ran.append("advertise")

    assert denied(advertise) is Reason.UNDECLARED_PURPOSE
    assert [record.decision.data_category for record in watched.trail.records] == ["video_interview"]
    assert watched.ran == []


def test_what_the_trail_cannot_record_does_not_run() -> None:
    class Full:
        def write(self, records: Sequence[Record]) -> None:
            raise OSError("disk full")

    gate = Gate.load(SHIPPED, trail=Full())

    @gate.guard("email_address", purpose="send_service_email")
    def mail() -> None:
        raise AssertionError("the body must not run")

    with pytest.raises(TrailError):
        mail()


def test_a_settled_use_is_still_denied_under_the_next_policy(tmp_path: Path) -> None:
    path = a_folder(tmp_path)
    gate = Gate.load(path)

    @gate.guard("email_address", purpose="shipping")
    def ship() -> str:
        return "shipped"

    assert [ship() for _ in range(3)] == ["shipped"] * 3
    a_folder(tmp_path, uses=[a_use_clause(purposes=["raffle"])], purposes={"shipping": {}, "raffle": {}}, provisions=[])
    gate.reload()
    assert denied(ship) is Reason.UNDECLARED_PURPOSE
    a_folder(tmp_path)
    gate.reload()
    assert [ship() for _ in range(3)] == ["shipped"] * 3


def test_while_observing_a_denied_use_runs_every_time_and_is_never_remembered_as_permitted() -> None:
    days = [NOW]
    gate = Gate.load(SHIPPED, observe=Observe(until=NOW.date().replace(day=20), reason="adoption"), clock=lambda: days[-1])

    @gate.guard("video_interview", purpose="distribute_advertising")
    def advertise() -> str:
        return "ran"

    assert [advertise() for _ in range(3)] == ["ran"] * 3
    days.append(NOW.replace(day=20))
    assert denied(advertise) is Reason.UNDECLARED_PURPOSE


# Where the parts come from


def test_what_is_not_given_comes_from_the_ambient_purpose() -> None:
    watched = Watched()

    @watched.gate.guard("name")
    def read() -> None: ...

    @watched.gate.guard("name", recipient="employer_company/globex")
    def read_for_globex() -> None: ...

    assert denied(read) is Reason.UNKNOWN_PURPOSE
    with watched.gate.purpose("view_video_interview", "employer_company", subject="s1"):
        read()
        read_for_globex()
    assert denied(read) is Reason.UNKNOWN_PURPOSE
    assert watched.uses[1:-1] == [
        ("name", "view_video_interview", "employer_company", "s1"),
        ("name", "view_video_interview", "employer_company/globex", "s1"),
    ]


def test_a_purpose_named_outright_is_judged_alone() -> None:
    watched = Watched()

    @watched.gate.guard("email_address", purpose="send_service_email")
    def mail() -> None: ...

    with watched.gate.purpose("view_video_interview", ACME, subject="s1", channel="website"):
        mail()

    assert watched.uses == [("email_address", "send_service_email", "en_japan", None)]


@pytest.mark.parametrize(
    "call",
    [
        lambda function: function("c-1"),
        lambda function: function(candidate_id="c-1"),
        lambda function: partial(function, "c-1")(),
        lambda function: partial(function, candidate_id="c-1")(),
    ],
    ids=range(4),
)
def test_a_part_is_taken_from_a_parameter_however_it_is_passed(call: Callable[[Callable[..., None]], None]) -> None:
    watched = Watched()

    @watched.gate.guard("name", purpose="provide_service", subject=From("candidate_id"))
    def read(candidate_id: str) -> None: ...

    call(read)

    assert [record.subject for record in watched.trail.records] == ["c-1"]


@dataclass
class Candidate:
    id: Any
    employer: str | None = "acme"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (From("candidate.id"), "c-1"),
        (From("request.user.id"), "u-1"),
        (From(lambda candidate: candidate.id), "c-1"),
        (From(lambda candidate, request: f"{candidate.id} {request['user']['id']}"), "c-1 u-1"),
        (From("number"), "7"),
        (From("uuid"), "00000000-0000-0000-0000-000000000007"),
        (From("options.reader"), "r-1"),
        (From("rest"), None),
        (From("candidate.nothing"), None),
        (From("candidate"), None),
        (From("flag"), None),
    ],
    ids=range(11),
)
def test_a_part_is_taken_by_a_path_or_a_function_and_is_an_id_or_nothing(source: From, expected: str | None) -> None:
    watched = Watched()

    @watched.gate.guard("name", purpose="provide_service", subject=source)
    def read(
        candidate: object,
        /,
        request: object = None,
        *rest: str,
        number: int = 7,
        uuid: UUID = ID,
        flag: bool = True,
        **options: str,
    ) -> None: ...

    read(Candidate("c-1"), {"user": {"id": "u-1"}}, reader="r-1")

    assert [record.subject for record in watched.trail.records] == [expected]


def test_a_recipient_that_is_taken_and_missing_is_unknown_and_not_the_controller() -> None:
    @GATE.guard("name", purpose="view_video_interview", recipient=From("candidate.employer"))
    def read(candidate: Candidate) -> None: ...

    assert denied(lambda: read(Candidate("c-1", None))) is Reason.UNKNOWN_RECIPIENT
    assert denied(lambda: read(Candidate("c-1", "acme"))) is Reason.UNKNOWN_RECIPIENT
    read(Candidate("c-1", ACME))


def test_a_purpose_that_is_taken_and_missing_is_unknown_and_not_the_ambient_one() -> None:
    @GATE.guard("name", purpose=From("why"))
    def read(why: str | None) -> str:
        return "read"

    with GATE.purpose("provide_service"):
        assert denied(lambda: read(None)) is Reason.UNKNOWN_PURPOSE
    assert read("monitor_usage") == "read"


def test_a_missing_argument_is_pythons_own_complaint() -> None:
    @GATE.guard("name", purpose="provide_service", subject=From("candidate_id"))
    def read(candidate_id: str) -> None: ...

    with pytest.raises(TypeError, match="candidate_id"):
        read()  # type: ignore[call-arg]  # the mistake that is tested


def test_text_that_only_pretends_to_be_a_name_opens_nothing() -> None:
    class Pretender(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return hash("provide_service")

    @GATE.guard("name", purpose=From("why"))
    def read(why: str) -> None: ...

    read("provide_service")
    assert denied(lambda: read(Pretender("anything"))) is Reason.UNKNOWN_PURPOSE


# What is declared wrongly fails at import


def test_misspelt_names_fail_when_the_decorator_runs_with_their_place() -> None:
    with pytest.raises(DeclarationError) as caught:

        @GATE.guard("emial_address", purpose="send_servce_email", recipient="en_japn", channel="emial")
        def mail() -> None: ...

    line = inspect.getsourcelines(test_misspelt_names_fail_when_the_decorator_runs_with_their_place)[1] + 3
    place = f"{__file__}:{line}:10: error"
    assert str(caught.value) == "\n".join(
        [
            f"{place}[unknown-category] the policy knows no data category `emial_address`",
            "  help: did you mean `email_address`?",
            f"{place}[unknown-purpose] the policy knows no purpose `send_servce_email`",
            "  help: did you mean `send_service_email`?",
            f"{place}[unknown-recipient] the policy knows no recipient `en_japn`",
            "  help: did you mean `en_japan`?",
            f"{place}[unknown-channel] the policy knows no channel `emial`",
            "  help: did you mean `email`?",
        ]
    )


@pytest.mark.parametrize(
    ("parts", "slug"),
    [
        ({"purpose": None}, "unknown-purpose"),
        ({"purpose": 7}, "unknown-purpose"),
        ({"recipient": object()}, "unknown-recipient"),
        ({"subject": object()}, "no-id"),
        ({"claim": True}, "no-id"),
    ],
)
def test_what_is_no_name_and_no_id_fails_too(parts: dict[str, Any], slug: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        GATE.guard("name", **parts)

    assert [finding.slug for finding in caught.value.findings] == [slug]


def test_a_guard_names_data() -> None:
    with pytest.raises(DeclarationError, match="names the data"):
        GATE.guard(purpose="provide_service")
    with pytest.raises(DeclarationError, match="no data category"):
        GATE.guard(lambda: None)  # type: ignore[arg-type]  # the decorator without its brackets


def test_a_parameter_that_the_function_does_not_have_fails_at_import() -> None:
    with pytest.raises(DeclarationError) as caught:

        @GATE.guard("name", purpose="provide_service", subject=From("candidat.id"))
        def read(candidate: Candidate) -> None: ...

    (finding,) = caught.value.findings
    assert (finding.slug, finding.help) == ("unknown-parameter", "it has `candidate`")
    assert finding.message == "the subject is taken from `candidat`, which the function has no parameter for"
    assert finding.location is not None
    assert finding.location.path == __file__
    with pytest.raises(DeclarationError, match="`who`"):
        GATE.guard("name", subject=From(lambda who: who))(read_nothing)


def read_nothing() -> None: ...


@pytest.mark.parametrize("source", ["", "a b", "a..b", ".a", 7, None])
def test_from_takes_a_path_or_a_function(source: Any) -> None:
    with pytest.raises(TypeError, match="`From` takes"):
        From(source)


@pytest.mark.parametrize("target", [7, "name", None, cached_property(lambda _: 7)])
def test_a_guard_goes_on_functions_methods_and_classes(target: Any) -> None:
    with pytest.raises(DeclarationError, match="a guard goes on"):
        GATE.guard("name", purpose="provide_service")(target)


# It stays what it was


def test_it_keeps_signature_name_docs_and_types() -> None:
    def read(candidate: Candidate, *, why: str = "nothing") -> list[str]:
        """Read a candidate."""
        return [why]

    guarded = GATE.guard("name", purpose="provide_service")(read)

    assert inspect.signature(guarded) == inspect.signature(read)
    assert (guarded.__name__, guarded.__qualname__, guarded.__doc__) == (read.__name__, read.__qualname__, "Read a candidate.")
    assert guarded.__module__ == __name__
    assert typing.get_type_hints(guarded) == {"candidate": Candidate, "why": str, "return": list[str]}


def test_a_coroutine_function_stays_one_and_asks_when_it_is_awaited() -> None:
    watched = Watched()

    @watched.gate.guard("name")
    async def read() -> str:
        watched.ran.append("read")
        return "name"

    async def service() -> None:
        begun = read()
        with watched.gate.purpose("provide_service"):
            assert await begun == "name"
        with pytest.raises(PurposeViolation):
            await read()

    assert inspect.iscoroutinefunction(read)
    asyncio.run(service())
    assert watched.ran == ["read"]


def test_methods_of_every_kind_are_guarded() -> None:
    class Repository:
        @GATE.guard("name", subject=From("candidate_id"))
        def method(self, candidate_id: str) -> str:
            return candidate_id

        @classmethod
        @GATE.guard("name")
        def inner_class_method(cls) -> str:
            return cls.__name__

        @GATE.guard("name")
        @classmethod
        def class_method(cls) -> str:
            return cls.__name__

        @GATE.guard("name")
        @staticmethod
        def static_method() -> str:
            return "static"

        @property
        @GATE.guard("name")
        def inner_property(self) -> str:
            return "inner"

        @GATE.guard("name")  # type: ignore[prop-decorator]  # allowed, though type checkers do not follow it
        @property
        def outer_property(self) -> str:
            """Tell."""
            return "outer"

    repository = Repository()
    calls: list[Callable[[], str]] = [
        lambda: repository.method("c-1"),
        repository.inner_class_method,
        Repository.class_method,
        repository.static_method,
        Repository.static_method,
        lambda: repository.inner_property,
        lambda: repository.outer_property,
        partial(repository.method, "c-1"),
        functools.partial(Repository.method, repository, candidate_id="c-1"),
    ]

    assert [denied(call) for call in calls] == [Reason.UNKNOWN_PURPOSE] * len(calls)
    with GATE.purpose("provide_service"):
        assert [call() for call in calls] == [
            "c-1", "Repository", "Repository", "static", "static", "inner", "outer", "c-1", "c-1",
        ]  # fmt: skip
    assert Repository.outer_property.__doc__ == "Tell."


def test_partials_and_other_callables_are_guarded() -> None:
    class Reader:
        def __call__(self, who: str) -> str:
            return who

    for target in (partial(lambda number, who: who * number, 1), Reader(), functools.lru_cache(lambda who: who)):
        guarded = GATE.guard("name", subject=From("who"))(target)
        assert denied(lambda guarded=guarded: guarded("c-1")) is Reason.UNKNOWN_PURPOSE  # type: ignore[misc]
        with GATE.purpose("provide_service"):
            assert guarded("c-1") == "c-1"
        assert denied(lambda guarded=guarded: guarded("c-1")) is Reason.UNKNOWN_PURPOSE  # type: ignore[misc]


def test_stacked_guards_all_ask_the_outer_one_first() -> None:
    watched = Watched()

    @watched.gate.guard("usage_history", purpose="distribute_advertising")
    @watched.gate.guard("video_interview", purpose="distribute_advertising")
    def advertise() -> None:
        watched.ran.append("advertise")

    assert denied(advertise) is Reason.UNDECLARED_PURPOSE
    assert [record.decision.data_category for record in watched.trail.records] == ["usage_history", "video_interview"]
    assert watched.ran == []


def test_a_guarded_class_guards_what_it_offers_inherited_or_its_own() -> None:
    class Base:
        def inherited(self) -> str:
            return "inherited"

    @GATE.guard("name")
    class Repository(Base):
        limit = 10

        class Row: ...

        __slots__ = ("size",)

        def __init__(self) -> None:
            self.size = self._count()

        def own(self) -> str:
            return f"{super().inherited()} {self._count()}"

        def __call__(self) -> str:
            return "called"

        def __getitem__(self, key: str) -> str:
            return key

        def __iter__(self) -> Iterator[str]:
            yield "iterated"

        @property
        def first(self) -> str:
            return "first"

        @staticmethod
        def static() -> str:
            return "static"

        @classmethod
        def of_class(cls) -> str:
            return cls.__name__

        async def later(self) -> str:
            return "later"

        def _count(self) -> int:
            return 3

    repository = Repository()
    calls: list[Callable[[], object]] = [
        repository.inherited,
        repository.own,
        repository,
        lambda: repository["key"],
        lambda: next(iter(repository)),
        lambda: repository.first,
        Repository.static,
        Repository.of_class,
        lambda: asyncio.run(repository.later()),
    ]
    expected = ["inherited", "inherited 3", "called", "key", "iterated", "first", "static", "Repository", "later"]

    assert [denied(call) for call in calls] == [Reason.UNKNOWN_PURPOSE] * len(calls)
    with GATE.purpose("provide_service"):
        assert [call() for call in calls] == expected
    assert (repository.size, repository.limit, Repository.Row.__name__) == (3, 10, "Row")
    assert Base().inherited() == "inherited"


def test_a_class_with_something_that_cannot_be_guarded_is_refused_whole() -> None:
    class Repository:
        def read(self) -> str:
            return "read"

        @cached_property
        def kept(self) -> str:
            return "kept"

    with pytest.raises(DeclarationError) as caught:
        GATE.guard("name")(Repository)

    (finding,) = caught.value.findings
    assert finding.message == "`Repository.kept` is neither a method nor a property, and would be used unguarded"
    assert Repository().read() == "read"


# Generators


def test_a_generator_asks_before_its_first_step_and_again_when_the_purpose_has_changed() -> None:
    watched = Watched()

    @watched.gate.guard("name")
    def names() -> Iterator[int]:
        watched.ran.append("begun")
        yield from range(5)

    step = names()
    assert watched.ran == []
    assert denied(lambda: next(step)) is Reason.UNKNOWN_PURPOSE
    step = names()
    with watched.gate.purpose("provide_service"):
        assert [next(step), next(step)] == [0, 1]
    with watched.gate.purpose("monitor_usage"):
        assert [next(step), next(step)] == [2, 3]
    assert denied(lambda: next(step)) is Reason.UNKNOWN_PURPOSE
    assert list(step) == []
    assert [purpose for _, purpose, _, _ in watched.uses] == [
        "(no purpose)", "provide_service", "monitor_usage", "(no purpose)",
    ]  # fmt: skip
    assert watched.ran == ["begun"]


def test_an_async_generator_does_so_too() -> None:
    watched = Watched()

    @watched.gate.guard("name")
    async def names() -> AsyncIterator[int]:
        for number in range(5):
            await asyncio.sleep(0)
            yield number

    async def service() -> list[int]:
        step = names()
        async with watched.gate.purpose("provide_service"):
            seen = [await anext(step), await anext(step)]
        async with watched.gate.purpose("monitor_usage"):
            seen.append(await anext(step))
        with pytest.raises(PurposeViolation):
            await anext(step)
        return seen

    assert inspect.isasyncgenfunction(names)
    assert asyncio.run(service()) == [0, 1, 2]
    assert [purpose for _, purpose, _, _ in watched.uses] == ["provide_service", "monitor_usage", "(no purpose)"]


def test_a_generator_asks_again_under_another_policy(tmp_path: Path) -> None:
    gate = Gate.load(a_folder(tmp_path))

    @gate.guard("email_address", purpose="shipping")
    def addresses() -> Iterator[int]:
        yield from range(3)

    step = addresses()
    assert [next(step), next(step)] == [0, 1]
    a_folder(tmp_path, uses=[a_use_clause(purposes=["raffle"])], purposes={"shipping": {}, "raffle": {}}, provisions=[])
    gate.reload()
    assert denied(lambda: next(step)) is Reason.UNDECLARED_PURPOSE


def test_a_guarded_generator_may_open_a_purpose_and_keeps_it_to_itself() -> None:
    @GATE.guard("name", purpose="provide_service")
    def names() -> Iterator[str]:
        with GATE.purpose("view_video_interview"):
            yield GATE.check("name").purpose
            yield GATE.check("name").purpose
        yield GATE.decide("name").purpose

    @GATE.guard("name", purpose="monitor_usage")
    async def async_names() -> AsyncIterator[str]:
        async with GATE.purpose("view_video_interview"):
            yield GATE.check("name").purpose
            yield GATE.check("name").purpose
        yield GATE.decide("name").purpose

    async def service() -> list[str]:
        seen = []
        async for name in async_names():
            seen += [name, GATE.decide("name").purpose]
        return seen

    expected = ["view_video_interview", "view_video_interview", "(no purpose)"]
    seen = []
    with GATE.purpose("provide_service"):
        for name in names():
            seen += [name, GATE.check("name").purpose]
    assert seen[:-2] == ["view_video_interview", "provide_service"] * 2
    assert seen[-2:] == ["provide_service"] * 2
    assert asyncio.run(service()) == ["view_video_interview", "(no purpose)"] * 2 + ["(no purpose)"] * 2
    assert list(names()) == expected


def test_what_a_function_gives_back_to_run_later_asks_again_when_the_purpose_has_changed() -> None:
    watched = Watched()

    @watched.gate.guard("email_address")
    def rows() -> Iterator[int]:
        return (row for row in (1, 2, 3))

    with watched.gate.purpose("send_service_email"):
        reading = rows()
        first = next(reading)
    assert denied(lambda: next(reading)) is Reason.UNKNOWN_PURPOSE
    with watched.gate.purpose("send_service_email"):
        all_of_them = list(rows())

    assert (first, all_of_them) == (1, [1, 2, 3])
    assert [each.decision.permitted for each in watched.trail.records] == [True, False, True]


def test_a_coroutine_that_a_plain_function_gives_back_is_asked_about_when_it_is_awaited() -> None:
    watched = Watched()

    async def reading(row: int) -> int:
        watched.ran.append("reading")
        return row

    @watched.gate.guard("email_address")
    def later(row: int) -> Any:
        return reading(row)

    @watched.gate.guard("email_address")
    def stream() -> Any:
        async def rows() -> AsyncIterator[int]:
            yield 1

        return rows()

    async def service() -> tuple[int, list[int]]:
        async with watched.gate.purpose("send_service_email"):
            inside = await later(1), [row async for row in stream()]
            left = later(2)
        with pytest.raises(PurposeViolation):
            await left
        return inside

    assert asyncio.run(service()) == (1, [1])
    assert watched.ran == ["reading"]
    assert [each.decision.permitted for each in watched.trail.records] == [True, True, True, False]


def test_so_is_what_a_coroutine_function_gives_back_to_run_later() -> None:
    watched = Watched()

    @watched.gate.guard("email_address")
    async def rows() -> Any:
        return (row for row in (1, 2))

    @watched.gate.guard("email_address", check_return=True)
    async def rows_looked_at() -> Any:
        return (row for row in (1, 2))

    async def service() -> list[Any]:
        async with watched.gate.purpose("send_service_email"):
            left = [await rows(), await rows_looked_at()]
            assert list(await rows()) == list(await rows_looked_at()) == [1, 2]
        return left

    for reading in asyncio.run(service()):
        assert denied(lambda reading=reading: next(reading)) is Reason.UNKNOWN_PURPOSE  # type: ignore[misc]  # bound here


def test_of_two_guarded_bases_each_guards_its_own() -> None:
    watched = Watched()

    @watched.gate.guard("email_address")
    class Mail:
        def mail(self) -> str:
            return "mail"

    @watched.gate.guard("video_interview")
    class Video:
        def video(self) -> str:
            return "video"

    class Both(Mail, Video):
        def both(self) -> str:
            return "both"

    with watched.gate.purpose("provide_service"):
        assert (Both().mail(), Both().video(), Both().both()) == ("mail", "video", "both")
    assert [each.decision.data_category for each in watched.trail.records] == [
        "email_address",
        "video_interview",
        "email_address",
        "video_interview",
    ]


def test_a_guard_above_a_context_manager_asks_where_the_block_is_entered() -> None:
    watched = Watched()

    @watched.gate.guard("email_address")
    @contextmanager
    def row(number: int) -> Iterator[int]:
        """Open a row."""
        watched.ran.append("opened")
        yield number
        watched.ran.append("closed")

    @watched.gate.guard("email_address")
    @asynccontextmanager
    async def row_async(number: int) -> AsyncIterator[int]:
        yield number

    async def service() -> int:
        async with watched.gate.purpose("send_service_email"), row_async(2) as number:
            return number

    with watched.gate.purpose("send_service_email"):
        left = row(1)
        with row(1) as number:
            watched.ran.append("inside")
    with pytest.raises(PurposeViolation), left:
        watched.ran.append("never")

    assert (number, asyncio.run(service())) == (1, 2)
    assert watched.ran == ["opened", "inside", "closed"]
    assert (row.__doc__, str(inspect.signature(row))) == ("Open a row.", "(number: 'int') -> 'Iterator[int]'")


def test_what_a_subclass_adds_or_overrides_is_guarded_once() -> None:
    watched = Watched()

    class Mixin:
        def phone(self) -> str:
            return "mixin"

    @watched.gate.guard("email_address")
    class Repository:
        made: ClassVar[list[str]] = []

        def __init_subclass__(cls, **kwargs: str) -> None:
            cls.made.append(kwargs["as_"])

        def email(self) -> str:
            return "slow"

        def phone(self) -> str:
            return "slow"

        def name(self) -> str:
            return "slow"

    class Fast(Mixin, Repository, as_="fast"):
        def email(self) -> str:
            return "fast"

    class Faster(Fast, as_="faster"):
        def name(self) -> str:
            return f"faster than {super().name()}"

        def fax(self) -> str:
            return "none"

    one = Faster()
    for method in (one.email, one.phone, one.name, one.fax):
        assert denied(method) is Reason.UNKNOWN_PURPOSE
    watched.trail.records.clear()
    with watched.gate.purpose("send_service_email"):
        assert (one.email(), one.phone(), one.fax()) == ("fast", "mixin", "none")
        assert len(watched.trail.records) == 3
        assert one.name() == "faster than slow"
    assert Repository.made == ["fast", "faster"]


def test_what_is_sent_thrown_and_returned_passes_through() -> None:
    @GATE.guard("name", purpose="provide_service")
    def echo() -> Generator[object, object, str]:
        received: object = None
        while received != "stop":
            try:
                received = yield received
            except KeyError as error:
                received = f"caught {error.args[0]}"
        return "returned"

    @GATE.guard("name", purpose="provide_service")
    async def async_echo() -> AsyncGenerator[object, object]:
        received: object = None
        while received != "stop":
            try:
                received = yield received
            except KeyError as error:
                received = f"caught {error.args[0]}"

    async def service() -> list[object]:
        step = async_echo()
        seen = [await step.asend(None), await step.asend("a"), await step.athrow(KeyError("b"))]
        with pytest.raises(StopAsyncIteration):
            await step.asend("stop")
        return seen

    step = echo()
    assert [step.send(None), step.send("a"), step.throw(KeyError("b"))] == [None, "a", "caught b"]
    with pytest.raises(StopIteration) as stop:
        step.send("stop")
    assert stop.value.value == "returned"
    assert asyncio.run(service()) == [None, "a", "caught b"]


def test_a_generator_that_is_closed_or_refused_closes_its_body() -> None:
    closed: list[str] = []

    @GATE.guard("name")
    def names() -> Iterator[int]:
        try:
            yield from range(3)
        finally:
            closed.append("sync")

    @GATE.guard("name")
    async def async_names() -> AsyncGenerator[int, None]:
        try:
            yield 0
        finally:
            closed.append("async")

    async def service() -> None:
        step = async_names()
        with GATE.purpose("provide_service"):
            await anext(step)
        await step.aclose()

    step = names()
    with GATE.purpose("provide_service"):
        next(step)
    denied(lambda: next(step))
    asyncio.run(service())

    assert closed == ["sync", "async"]


def test_guards_hold_in_threads_and_in_a_storm_of_calls() -> None:
    @GATE.guard("name", subject=From("candidate_id"))
    def read(candidate_id: str) -> str:
        return candidate_id

    def request(number: int) -> str:
        if number % 2:
            return denied(lambda: read(str(number))).value
        with GATE.purpose("provide_service"):
            return read(str(number))

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(request, range(400)))

    assert seen == ["unknown-purpose" if number % 2 else str(number) for number in range(400)]


def test_the_ledger_is_asked_about_the_person_that_the_call_is_about() -> None:
    ledger = AskedLedger(ACME)
    gate = Gate.load(SHIPPED, ledger=ledger, clock=lambda: NOW)

    @gate.guard("name", purpose="view_video_interview", recipient=ACME, subject=From("who"), channel="email", claim=From("case"))
    def read(who: str, case: str) -> None: ...

    read("s1", "case-1")

    assert ledger.asked == [Use("name", "view_video_interview", ACME, "s1", "email", "case-1")]
    assert [release.subject for release in ledger.releases()] == ["s1"]


# What comes back


class Contact(BaseModel):
    email: Annotated[str, Personal("email_address")]


class Profile(BaseModel):
    name: Annotated[str, Personal("name")]
    contacts: list[Contact] = []


class ProfileDict(TypedDict):
    email: Annotated[str, Personal("email_address")]


def test_what_comes_back_holds_nothing_that_the_guard_does_not_name() -> None:
    guard = GATE.guard("name", purpose="provide_service", check_return=True)

    @guard
    def read(contacts: list[Contact]) -> object:
        return {"profiles": [Profile(name="n", contacts=contacts)]}

    @guard
    async def read_later(contacts: list[Contact]) -> object:
        return Profile(name="n", contacts=contacts)

    @guard
    def read_each(contacts: list[Contact]) -> Iterator[object]:
        yield "plain"
        yield Profile(name="n", contacts=contacts)

    @guard
    async def read_each_later(contacts: list[Contact]) -> AsyncIterator[object]:
        yield Profile(name="n", contacts=contacts)

    @guard
    def read_row() -> list[ProfileDict]:
        return [{"email": "e"}]

    async def first(contacts: list[Contact]) -> object:
        return [each async for each in read_each_later(contacts)]

    calls: list[Callable[[list[Contact]], object]] = [
        read,
        lambda contacts: asyncio.run(read_later(contacts)),
        lambda contacts: list(read_each(contacts)),
        lambda contacts: asyncio.run(first(contacts)),
    ]
    for call in calls:
        call([])
        with pytest.raises(DeclarationError, match="gives back `email_address`, which its guard does not name"):
            call([Contact(email="e")])
    with pytest.raises(DeclarationError, match="read_row` gives back `email_address`"):
        read_row()


def test_a_guard_that_names_a_wider_category_names_what_lies_under_it() -> None:
    @GATE.guard("user_information", purpose="provide_service", check_return=True)
    def read() -> Profile:
        return Profile(name="n", contacts=[Contact(email="e")])

    assert read().contacts[0].email == "e"


def test_while_observing_what_comes_back_passes_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    gate = Gate.load(SHIPPED, observe=Observe(until=NOW.date().replace(day=20), reason="adoption"), clock=lambda: NOW)

    @gate.guard("name", purpose="provide_service", check_return=True)
    def read() -> Contact:
        return Contact(email="e")

    assert read().email == "e"
    assert "gives back `email_address`" in caplog.text


class Kinds:
    """One function of each kind, which gives back what it was passed; `through` calls it and goes to its end."""

    @staticmethod
    def plain(person: str, *, note: str) -> Any:
        return person, note

    @staticmethod
    async def coroutine(person: str, *, note: str) -> Any:
        return person, note

    @staticmethod
    def generator(person: str, *, note: str) -> Any:
        yield person, note

    @staticmethod
    async def async_generator(person: str, *, note: str) -> Any:
        yield person, note

    @staticmethod
    def later(person: str, *, note: str) -> Any:
        return (each for each in [(person, note)])

    @staticmethod
    def awaited_later(person: str, *, note: str) -> Any:
        return Kinds.coroutine(person, note=note)


KINDS = [Kinds.plain, Kinds.coroutine, Kinds.generator, Kinds.async_generator, Kinds.later, Kinds.awaited_later]


def through(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    async def running() -> Any:
        made = function(*args, **kwargs)
        if inspect.isasyncgen(made):
            (only,) = [each async for each in made]
            return only
        if inspect.isawaitable(made):
            return await made
        return next(made) if inspect.isgenerator(made) else made

    return asyncio.run(running())


@pytest.mark.parametrize("function", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("by_name", [False, True])
def test_a_function_of_any_kind_is_passed_what_it_is_called_with_and_a_part_is_taken_of_it(
    function: Callable[..., Any], by_name: bool
) -> None:
    watched = Watched()
    guarded = watched.gate.guard("email_address", purpose="send_service_email", subject=From("person"))(function)
    noting = watched.gate.guard("email_address", purpose="send_service_email", subject=From("note"))(function)
    args, kwargs = ((), {"person": "c-1"}) if by_name else (("c-1",), {})

    assert through(guarded, *args, **kwargs, note="n-1") == ("c-1", "n-1")
    assert through(noting, *args, **kwargs, note="n-1") == ("c-1", "n-1")

    assert [each.subject for each in watched.trail.records] == ["c-1", "n-1"]


@pytest.mark.parametrize("function", KINDS, ids=lambda kind: kind.__name__)
def test_what_a_function_of_any_kind_gives_is_looked_through_and_passed_on(function: Callable[..., Any]) -> None:
    watched = Watched()
    guard = watched.gate.guard("email_address", purpose="send_service_email", subject=From("person"), check_return=True)
    guarded = guard(function)

    assert through(guarded, "c-1", note=1) == through(guarded, person="c-1", note=1) == ("c-1", 1)
    assert {each.subject for each in watched.trail.records} == {"c-1"}
    with pytest.raises(DeclarationError, match="unnamed-return"):
        through(guarded, Owned(name="Hanako"), note=1)


class Owned(BaseModel):
    name: Annotated[str, Personal("name")]


@pytest.mark.parametrize("function", KINDS[:4], ids=lambda kind: kind.__name__)
def test_a_function_of_any_kind_takes_its_purpose_along_and_what_it_is_called_with(function: Callable[..., Any]) -> None:
    gate = Watched().gate
    with gate.purpose("send_service_email"):
        carried = gate.propagate(function)

    assert through(carried, "c-1", note="n-1") == ("c-1", "n-1")


def test_a_generator_with_a_purpose_of_its_own_asks_once_whatever_is_ambient() -> None:
    watched = Watched()

    @watched.gate.guard("email_address", purpose="send_service_email")
    def rows() -> Iterator[int]:
        yield from (1, 2, 3)

    reading = rows()
    next(reading)
    with watched.gate.purpose("view_video_interview"):
        next(reading)
    next(reading)

    assert len(watched.trail.records) == 1


def test_what_cannot_be_guarded_in_a_class_is_said_with_its_place() -> None:
    class Part:
        def __get__(self, instance: object, owner: object = None) -> str:
            return ""

    class Owner:
        part = Part()

    with pytest.raises(DeclarationError) as caught:
        GATE.guard("email_address")(Owner)

    (finding,) = caught.value.findings
    assert (finding.slug, finding.help) == ("unguarded-member", "guard the methods one by one, or give it a private name")
    assert finding.message == "`Owner.part` is neither a method nor a property, and would be used unguarded"


def test_a_guarded_class_that_says_nothing_of_its_subclasses_lets_them_be_made() -> None:
    made = []

    class Base:
        def __init_subclass__(cls, **kwargs: str) -> None:
            made.append((cls.__name__, kwargs))

    @GATE.guard("email_address")
    class Middle(Base):
        pass

    class Lower(Middle, of="x"):
        def email(self) -> str:
            return "e"

    assert made == [("Middle", {}), ("Lower", {"of": "x"})]
    assert denied(Lower().email) is Reason.UNKNOWN_PURPOSE


def decorated(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any) -> Any:
        return function(*args)

    return wrapper


def here(owner: Any) -> int:
    return int(owner.__code__.co_firstlineno)


class Placed:
    def method(self: Any) -> None: ...

    class_method: Any = classmethod(method)
    static_method = staticmethod(method)
    given = property(method)
    wrapped = decorated(decorated(method))


@pytest.mark.parametrize("name", ["method", "class_method", "static_method", "given", "wrapped"])
def test_what_a_guard_wants_of_a_function_that_it_has_not_is_told_where_the_function_stands(name: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        GATE.guard("email_address", purpose="send_service_email", subject=From("candidate_id"))(vars(Placed)[name])

    (finding,) = caught.value.findings
    assert str(finding.location) == f"{__file__}:{here(Placed.method)}:1"
    assert finding.message == "the subject is taken from `candidate_id`, which the function has no parameter for"
    assert finding.help == "it has `self`"


def test_what_has_no_parameters_and_no_place_is_told_without() -> None:
    with pytest.raises(DeclarationError) as caught:
        GATE.guard("email_address", purpose=From("why"), subject=From("whose.id"))(partial(Placed.method, 7))

    assert [(each.location, each.help) for each in caught.value.findings] == [(None, None), (None, None)]
    assert [each.message.split()[1] for each in caught.value.findings] == ["purpose", "subject"]


def test_every_part_that_is_wrong_is_told_at_once_where_the_guard_stands() -> None:
    with pytest.raises(DeclarationError) as caught:
        GATE.guard(purpose=None, recipient="nobody", subject="", channel="fax", claim=object())  # type: ignore[arg-type]  # on purpose

    assert [each.slug for each in caught.value.findings] == [
        "unknown-purpose",
        "unknown-recipient",
        "unknown-channel",
        "no-id",
        "no-id",
        "no-category",
    ]
    assert {Path(str(each.location).partition(":")[0]).name for each in caught.value.findings} == {"test_guard.py"}
    assert caught.value.findings[-1].message == "a guard names the data that its function uses"
    assert caught.value.findings[3].message == "the subject is no id: text, a whole number or a UUID"
