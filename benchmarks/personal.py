"""What guards, sealed values and labelled fields cost, each as a ratio to the same thing without them, in the same run."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, TypeAdapter, create_model
from rows import Row, interleaved

from purposegate import Gate, Personal, Sealed

POLICY = Path(__file__).parent.parent / "policies" / "en-japan-video-interview.yaml"
CATEGORY, PURPOSE = "email_address", "send_service_email"
# Advertising may use the one and not the other.
ADVERTISING, SEEN, UNSEEN = "distribute_advertising", "usage_history", "video_interview"
CALLS, DUMPS, MODELS = 20_000, 2_000, 10_000
_F = TypeVar("_F", bound=Callable[..., Any])


def rows(rounds: int) -> list[Row]:
    """Measure all of them."""
    gate = Gate.load(POLICY)
    return [*guards(gate, rounds), *opening(gate, rounds), *disclosing(gate, rounds)]


def empty(function: _F) -> _F:
    """Decorate with nothing, as `functools.wraps` has it."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever the function takes and gives
        return function(*args, **kwargs)

    return wrapper  # type: ignore[return-value]  # it is called as the function is


def empty_async(function: Callable[..., Coroutine[Any, Any, str]]) -> Callable[..., Coroutine[Any, Any, str]]:
    """Decorate a coroutine function with nothing."""

    @functools.wraps(function)
    async def wrapper(*args: Any, **kwargs: Any) -> str:  # noqa: ANN401 - as above
        return await function(*args, **kwargs)

    return wrapper


def guards(gate: Gate, rounds: int) -> list[Row]:
    """Time a guarded function, sync and async, beside one under an empty decorator."""

    def plain(address: str) -> str:
        return address

    async def coroutine(address: str) -> str:
        return address

    guard = gate.guard(CATEGORY, purpose=PURPOSE)
    calls = [_calls(decorate(plain)) for decorate in (empty, guard)]
    awaits = [_awaits(decorate(coroutine)) for decorate in (empty_async, guard)]
    seconds = interleaved([*calls, *awaits], rounds)
    return [
        _row(what, "the same function under an empty `functools.wraps` decorator", seconds, subjects, CALLS, 3)
        for what, subjects in (("a guarded call", calls), ("a guarded call, async", awaits))
    ]


def opening(gate: Gate, rounds: int) -> list[Row]:
    """Time the opening of a sealed value beside a bare look-up."""
    table = {(category, purpose, None): object() for category in gate.policy.categories for purpose in gate.policy.purposes}
    sealed = Sealed("hanako@example.test", CATEGORY)

    def bare() -> float:
        category, purpose, recipient = CATEGORY, PURPOSE, None
        start = time.perf_counter()
        for _ in range(CALLS):
            table.get((category, purpose, recipient))
        return time.perf_counter() - start

    def opened() -> float:
        purpose = PURPOSE
        start = time.perf_counter()
        for _ in range(CALLS):
            gate.open(sealed, purpose)
        return time.perf_counter() - start

    def loop() -> float:
        start = time.perf_counter()
        for _ in range(CALLS):
            pass
        return time.perf_counter() - start

    seconds = interleaved([bare, opened, loop], rounds)
    seconds = {subject: seconds[subject] - seconds[loop] for subject in (bare, opened)}
    return [_row("`open` of a sealed value", "a bare `dict.get((c, p, r))`", seconds, [bare, opened], CALLS, 4)]


def disclosing(gate: Gate, rounds: int) -> list[Row]:
    """Time what is disclosed of a model of twenty fields, and of a list of them, beside pydantic's own dump of the same fields."""
    model = _model()
    one = _instance(model, 0)
    many = [_instance(model, number) for number in range(MODELS)]
    adapter = TypeAdapter(list[model])  # type: ignore[valid-type]  # made above
    disclosed = functools.partial(gate.disclose, on_denied="drop")
    every = set(model.model_fields)
    some = set(disclosed(one, ADVERTISING))
    if disclosed(one, PURPOSE) != one.model_dump(include=every) or disclosed(one, ADVERTISING) != one.model_dump(include=some):
        raise RuntimeError("what is compared is not the same")

    def dumped(include: set[str]) -> Callable[[], float]:
        return _timed(lambda: one.model_dump(include=include), DUMPS)

    def dumped_many(include: set[str]) -> Callable[[], float]:
        return _timed(lambda: adapter.dump_python(many, include={"__all__": include}), 1)

    def projected(data: object, purpose: str, times: int) -> Callable[[], float]:
        return _timed(lambda: disclosed(data, purpose), times)

    names = f"{len(every)} fields"
    cases = [
        (f"`disclose` of a model of {names}", dumped(every), projected(one, PURPOSE, DUMPS), DUMPS, 1.5),
        (f"`disclose` of it, {len(every) - len(some)} withheld", dumped(some), projected(one, ADVERTISING, DUMPS), DUMPS, 1.5),
        (f"`disclose` of {MODELS:,} of them", dumped_many(every), projected(many, PURPOSE, 1), 1, 1.3),
        (f"`disclose` of {MODELS:,}, as many withheld of each", dumped_many(some), projected(many, ADVERTISING, 1), 1, 1.3),
    ]
    seconds = interleaved([subject for _, base, ours, _, _ in cases for subject in (base, ours)], rounds)
    return [
        _row(what, "its `model_dump(include=…)`" if times > 1 else "their dump, the same way", seconds, [base, ours], times, bar)
        for what, base, ours, times, bar in cases
    ]


def _model() -> type[BaseModel]:
    fields: dict[str, Any] = {}
    for number in range(20):
        kind: Any = (str, int)[number % 2]
        fields[f"field_{number}"] = (Annotated[kind, Personal(UNSEEN if number % 4 in {0, 1} else SEEN)], ...)
    model: type[BaseModel] = create_model("Candidate", **fields)
    return model


def _instance(model: type[BaseModel], seed: int) -> BaseModel:
    return model(**{f"field_{number}": (f"text {seed}", seed)[number % 2] for number in range(20)})


def _calls(function: Callable[[str], str]) -> Callable[[], float]:
    def run() -> float:
        called, address = function, "x"
        start = time.perf_counter()
        for _ in range(CALLS):
            called(address)
        return time.perf_counter() - start

    return run


def _awaits(function: Callable[[str], Coroutine[Any, Any, str]]) -> Callable[[], float]:
    async def service() -> float:
        called, address = function, "x"
        start = time.perf_counter()
        for _ in range(CALLS):
            await called(address)
        return time.perf_counter() - start

    return lambda: asyncio.run(service())


def _timed(call: Callable[[], object], times: int) -> Callable[[], float]:
    def run() -> float:
        start = time.perf_counter()
        for _ in range(times):
            call()
        return time.perf_counter() - start

    return run


def _row(
    what: str, against: str, seconds: dict[Callable[[], float], float], subjects: list[Callable[[], float]], times: int, bar: float
) -> Row:
    base, ours = (seconds[subject] / times for subject in subjects)
    return Row(what, f"{against}, {_told(base)}", _told(ours), ours / base, bar)


def _told(seconds: float) -> str:
    """Write a time in the unit that it deserves."""
    for unit, factor in (("ns", 1e9), ("µs", 1e6)):
        if seconds * factor < 1000:  # noqa: PLR2004 - of the next unit
            return f"{seconds * factor:.{0 if unit == 'ns' else 1}f} {unit}"
    return f"{seconds * 1e3:.1f} ms"
