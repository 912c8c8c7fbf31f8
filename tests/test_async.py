"""Asynchronous services: whoever waits for a ledger, a trail or a fact, the event loop goes on meanwhile."""

from __future__ import annotations

import asyncio
import threading
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import ContextVar
from typing import Annotated, Any

import pytest
from builders import NOW, AskedLedger, a_gate, a_policy
from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

from purposegate import Gate, LedgerError, LodgedObjection, MemorySink, Personal, PurposeViolation, Reason, Records, Sealed, Use
from purposegate.ledger.protocol import AsOf

VALUE = "taro@example.com"


class Person(BaseModel):
    email: Annotated[str, Personal("email_address")]


class SlowLedger(AskedLedger):
    """A ledger that answers when it is told to, and keeps on which thread it was asked."""

    def __init__(self) -> None:
        super().__init__("carrier/ups")
        self.answers = threading.Event()
        self.asked_by: list[int] = []

    def consult(self, use: Use, as_of: AsOf = None) -> Records:
        self.asked_by.append(threading.get_ident())
        if not self.answers.wait(10):
            raise LedgerError("it was never told to answer")
        return super().consult(use, as_of)


def a_slow_gate() -> tuple[Gate, SlowLedger]:
    ledger = SlowLedger()
    return Gate(a_policy(objections={"stop": AN_OBJECTION}), ledger=ledger, clock=lambda: NOW), ledger


AN_OBJECTION = {"clause": "6", "quote": "amend", "data": "any", "purposes": "any", "recipients": "any", "exempt": []}


async def guarded(gate: Gate) -> str:
    @gate.guard("email_address", purpose="shipping", subject="s1")
    async def email() -> str:
        return VALUE

    return await email()


async def guarded_twice(gate: Gate) -> str:
    @gate.guard("email_address", purpose="shipping", subject="s1", check_return=True)
    async def email() -> str:
        return VALUE

    return await email()


async def stepped(gate: Gate) -> str:
    @gate.guard("email_address", purpose="shipping", subject="s1")
    async def emails() -> AsyncIterator[str]:
        yield VALUE

    return "".join([each async for each in emails()])


ASKING: dict[str, Callable[[Gate], Awaitable[object]]] = {
    "acheck": lambda gate: gate.acheck("email_address", "shipping", subject="s1"),
    "adecide": lambda gate: gate.adecide("email_address", "shipping", subject="s1"),
    "adecide at": lambda gate: gate.adecide("email_address", "shipping", subject="s1", at=NOW),
    "aopen": lambda gate: gate.aopen(Sealed(VALUE, "email_address"), "shipping", subject="s1"),
    "adisclose": lambda gate: gate.adisclose(Person(email=VALUE), "shipping", subject="s1"),
    "guard": guarded,
    "guard with check_return": guarded_twice,
    "guard of a generator": stepped,
}


@pytest.mark.parametrize("asking", ASKING.values(), ids=ASKING.keys())
def test_the_loop_goes_on_while_the_ledger_is_waited_for(asking: Callable[[Gate], Awaitable[object]]) -> None:
    gate, ledger = a_slow_gate()

    async def both() -> object:
        asked = asyncio.ensure_future(asking(gate))
        while not ledger.asked_by:  # noqa: ASYNC110 - the loop turns while the ledger is being asked
            await asyncio.sleep(0)
        assert not asked.done()
        ledger.answers.set()
        return await asyncio.wait_for(asked, 10)

    assert asyncio.run(both())
    assert threading.get_ident() not in ledger.asked_by


@pytest.mark.parametrize("asking", [ASKING[name] for name in ASKING if not name.startswith("adecide")])
def test_what_is_denied_in_a_thread_is_denied(asking: Callable[[Gate], Awaitable[object]]) -> None:
    gate, ledger = a_slow_gate()
    ledger.enter(LodgedObjection("s1", "stop", NOW))
    ledger.answers.set()

    with pytest.raises(PurposeViolation) as caught:
        asyncio.run(asking(gate))  # type: ignore[arg-type]  # it is a coroutine

    assert caught.value.decision.reason is Reason.OBJECTION_IN_FORCE
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert VALUE not in shown


def test_a_question_in_a_thread_answers_as_the_question_does() -> None:
    gate, ledger = a_slow_gate()
    ledger.answers.set()

    async def asked() -> list[object]:
        return [await gate.adecide("email_address", purpose, subject="s1") for purpose in ("shipping", "raffle")]

    assert asyncio.run(asked()) == [gate.decide("email_address", purpose, subject="s1") for purpose in ("shipping", "raffle")]


def test_the_ambient_purpose_is_known_in_the_thread() -> None:
    gate, ledger = a_slow_gate()
    ledger.answers.set()

    async def asked() -> Reason:
        async with gate.purpose("shipping", subject="s1"):
            return (await gate.acheck("email_address")).reason

    assert asyncio.run(asked()) is Reason.PERMITTED
    assert ledger.asked == [Use("email_address", "shipping", subject="s1")]


def test_whoever_stops_waiting_gets_nothing_and_the_record_is_written_all_the_same() -> None:
    gate, ledger = a_slow_gate()

    async def impatient() -> None:
        await asyncio.wait_for(gate.acheck("email_address", "shipping", "carrier/ups", subject="s1", channel="post"), 0.01)

    async def run() -> None:
        with pytest.raises(TimeoutError):
            await impatient()
        ledger.answers.set()

    asyncio.run(run())  # the loop waits for its threads when it ends

    assert [each.recipient for each in ledger.releases()] == ["carrier/ups"]


def test_what_waits_for_nothing_is_answered_at_once_and_in_place() -> None:
    gate = a_gate()

    async def asked() -> tuple[object, ...]:
        coroutines: tuple[Any, ...] = (
            gate.acheck("email_address", "shipping"),
            gate.adecide("email_address", "shipping"),
            gate.aopen(Sealed(VALUE, "email_address"), "shipping"),
            gate.adisclose(Person(email=VALUE), "shipping"),
        )
        answers = []
        for each in coroutines:
            with pytest.raises(StopIteration) as stopped:  # it ends without ever waiting
                each.send(None)
            answers.append(stopped.value.value)
        return tuple(answers)

    permitted = gate.decide("email_address", "shipping")
    assert asyncio.run(asked()) == (permitted, permitted, VALUE, {"email": VALUE})


def test_a_fact_is_asked_in_a_thread_in_the_context_of_the_caller() -> None:
    request: ContextVar[str] = ContextVar("request")
    asked: list[tuple[bool, str]] = []

    def applied(use: Use) -> bool:
        asked.append((threading.current_thread() is threading.main_thread(), request.get()))
        return use.subject == "s1"

    conditions = {"applied": {"shown_by": "fact"}}
    use_clause = {"clause": "1", "quote": "ship parcels", "data": "any", "purposes": "any", "conditions": ["applied"]}
    gate = Gate(
        a_policy(conditions=conditions, uses=[use_clause]), facts={"applied": applied}, trail=MemorySink(), clock=lambda: NOW
    )

    async def both() -> list[bool]:
        request.set("r-1")
        return [bool(await gate.adecide("email_address", "shipping", subject=subject)) for subject in ("s1", "s2")]

    assert asyncio.run(both()) == [True, False]
    assert asked == [(False, "r-1"), (False, "r-1")]


def test_a_sealed_value_is_not_dumped_where_the_event_loop_would_wait_for_the_ledger() -> None:
    class Secret(BaseModel):
        email: Annotated[Sealed[str], Personal("email_address")]

    gate, ledger = a_slow_gate()
    ledger.answers.set()
    secret = Secret(email=VALUE)

    async def dumped() -> tuple[object, object]:
        async with gate.purpose("shipping", subject="s1"):
            with pytest.raises(PydanticSerializationError, match="would-wait") as caught:
                secret.model_dump(mode="json")
            assert VALUE not in str(caught.value)
            return await asyncio.to_thread(secret.model_dump, mode="json"), await gate.adisclose(secret)

    assert asyncio.run(dumped()) == ({"email": VALUE}, {"email": VALUE})
    assert threading.get_ident() not in ledger.asked_by
