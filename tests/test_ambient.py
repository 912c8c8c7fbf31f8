"""The ambient purpose: where it holds, where it ends, and that it only narrows."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import faulthandler
import inspect
import json
import multiprocessing
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from builders import NOW, SHIPPED, AskedLedger

from purposegate import DeclarationError, Gate, MemorySink, Observe, PurposeViolation, Reason, Sealed, Use

GATE = Gate.load(SHIPPED)
ACME = "employer_company/acme"


def reason(data_category: str = "name", gate: Gate = GATE) -> Reason:
    """Ask for the ambient purpose."""
    return gate.decide(data_category).reason


def purpose_now() -> str:
    return GATE.check("name").purpose


def slugs(error: DeclarationError) -> list[str]:
    return [finding.slug for finding in error.findings]


def test_without_a_purpose_there_is_none() -> None:
    with pytest.raises(PurposeViolation) as caught:
        GATE.check("name")

    assert caught.value.decision.reason is Reason.UNKNOWN_PURPOSE
    assert str(caught.value).splitlines()[:2] == [
        "`name` may not be used for `(no purpose)` by `en_japan`: the policy knows no such purpose [unknown-purpose]",
        "help: name a purpose, or use it inside `with gate.purpose(…)`",
    ]


def test_inside_the_block_uses_are_for_its_purpose_and_after_it_for_none() -> None:
    with GATE.purpose("view_video_interview", ACME):
        decision = GATE.check("name")
        assert reason("usage_history") is Reason.UNLISTED_RECIPIENT

    assert (decision.purpose, decision.recipient, decision.clauses) == ("view_video_interview", ACME, ("3(1)", "4(1)"))
    assert reason() is Reason.UNKNOWN_PURPOSE


def test_a_purpose_named_outright_is_judged_alone() -> None:
    with GATE.purpose("view_video_interview", ACME):
        assert GATE.check("email_address", "send_service_email").recipient == "en_japan"


def test_none_is_no_purpose_and_not_the_ambient_one() -> None:
    looked_up: Any = None

    with GATE.purpose("provide_service"):
        assert GATE.decide("name", looked_up).reason is Reason.UNKNOWN_PURPOSE
        with pytest.raises(DeclarationError, match="knows no purpose"):
            GATE.purpose(looked_up).__enter__()


def test_what_a_call_names_besides_only_narrows_the_block() -> None:
    with GATE.purpose("view_video_interview", "employer_company", subject="s1", channel="website"):
        assert GATE.check("name", recipient=ACME, subject="s1").recipient == ACME
        for wider in ({"subject": "s2"}, {"channel": "email"}, {"recipient": "third_party"}, {"recipient": "en_japan"}):
            with pytest.raises(DeclarationError) as caught:
                GATE.check("name", **wider)
            assert slugs(caught.value) == ["wider-purpose"]
            with pytest.raises(DeclarationError):
                GATE.open(Sealed("Hanako", "name"), **wider)
        with pytest.raises(DeclarationError):
            GATE.disclose([], subject="s2")
        assert GATE.decide("name", recipient="everybody").reason is Reason.UNKNOWN_RECIPIENT
    with GATE.purpose("view_video_interview"):
        assert GATE.check("name", recipient=ACME).recipient == ACME
        assert GATE.decide("name", channel="fax").reason is Reason.UNKNOWN_CHANNEL


def test_subject_channel_and_claim_are_the_blocks_where_the_call_says_nothing() -> None:
    ledger = AskedLedger(ACME)
    gate = Gate.load(SHIPPED, ledger=ledger, clock=lambda: NOW)

    with gate.purpose("view_video_interview", ACME, subject="s1", channel="email", claim="case-1"):
        gate.check("name")

    assert ledger.asked == [Use("name", "view_video_interview", ACME, "s1", "email", "case-1")]


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        ({"purpose": "send_service_email"}, "the purpose `send_service_email` does not lie under `view_video_interview`"),
        ({"purpose": "provide_service"}, "the purpose `provide_service` does not lie under `view_video_interview`"),
        ({"recipient": "third_party"}, "the recipient `third_party` does not lie under `employer_company`"),
        ({"recipient": "en_japan"}, "the recipient `en_japan` does not lie under `employer_company`"),
        ({"subject": "s2"}, "the subject is another than that of the purpose around it"),
        ({"channel": "website"}, "the channel is another than that of the purpose around it"),
        ({"claim": "case-2"}, "the claim is another than that of the purpose around it"),
    ],
)
def test_a_nested_purpose_only_narrows(inner: dict[str, Any], message: str) -> None:
    outer = GATE.purpose("view_video_interview", "employer_company", subject="s1", channel="email", claim="case-1")
    with outer, pytest.raises(DeclarationError) as caught:
        GATE.purpose(**inner).__enter__()

    assert [finding.message for finding in caught.value.findings] == [message]
    assert reason() is Reason.UNKNOWN_PURPOSE


def test_a_narrower_one_inherits_what_it_omits_and_gives_way_to_the_outer() -> None:
    with GATE.purpose("provide_service", subject="s1"), GATE.purpose("view_video_interview"):
        assert GATE.check("name").purpose == "view_video_interview"
        with GATE.purpose(subject="s1"):
            assert GATE.check("name").purpose == "view_video_interview"
        with pytest.raises(DeclarationError, match="subject"):
            GATE.purpose(subject="s2").__enter__()
        assert GATE.check("name").purpose == "view_video_interview"
    with GATE.purpose("view_video_interview", "employer_company"), GATE.purpose(recipient=ACME):
        assert GATE.check("name").recipient == ACME
        with pytest.raises(DeclarationError, match="does not lie under"):
            GATE.purpose(recipient="employer_company/globex").__enter__()
        with pytest.raises(DeclarationError, match="does not lie under"):
            GATE.purpose(recipient="employer_company").__enter__()


@pytest.mark.parametrize(
    ("named", "slug"),
    [
        ({"purpose": "veiw_video_interview"}, "unknown-purpose"),
        ({"purpose": "provide_service", "recipient": "acme"}, "unknown-recipient"),
        ({"purpose": "provide_service", "channel": "fax"}, "unknown-channel"),
        ({"recipient": ACME}, "no-purpose"),
    ],
)
def test_a_name_that_the_policy_does_not_know_opens_no_block(named: dict[str, Any], slug: str) -> None:
    with pytest.raises(DeclarationError) as caught, GATE.purpose(**named):
        raise AssertionError("the block must not run")

    assert slugs(caught.value) == [slug]


@pytest.mark.parametrize("value", [object(), b"s1", ["s1"], True, 1.5, ""])
def test_what_is_no_id_is_nobody(value: Any) -> None:
    with pytest.raises(DeclarationError, match="the subject is no id"):
        GATE.purpose("provide_service", subject=value)


def test_a_block_is_entered_once() -> None:
    block = GATE.purpose("provide_service")
    with block, pytest.raises(DeclarationError, match="entered once"):
        block.__enter__()
    with pytest.raises(DeclarationError, match="entered once"):
        block.__enter__()


def test_an_exception_half_way_ends_the_block() -> None:
    with contextlib.suppress(KeyError), GATE.purpose("provide_service"):
        raise KeyError

    assert reason() is Reason.UNKNOWN_PURPOSE


def test_two_gates_have_each_their_own_purpose() -> None:
    other = Gate.load(SHIPPED)
    with GATE.purpose("provide_service"):
        assert reason(gate=other) is Reason.UNKNOWN_PURPOSE
        with other.purpose("send_service_email"):
            assert (GATE.check("name").purpose, other.check("name").purpose) == ("provide_service", "send_service_email")


def test_while_observing_what_widens_passes_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    trail = MemorySink()
    observe = Observe(until=datetime(2026, 2, 1, tzinfo=UTC).date(), reason="adoption")
    gate = Gate.load(SHIPPED, observe=observe, trail=trail, clock=lambda: NOW)

    with gate.purpose("send_service_email"), gate.purpose("distribute_advertising"):
        gate.check("video_interview")

    assert [record.decision.reason for record in trail.records] == [Reason.UNDECLARED_PURPOSE]
    assert "does not lie under `send_service_email`" in caplog.text


# Where it holds


async def reason_later() -> Reason:
    await asyncio.sleep(0)
    return reason()


def test_it_survives_await_task_groups_and_to_thread() -> None:
    async def service() -> list[Reason]:
        async with GATE.purpose("provide_service"):
            async with asyncio.TaskGroup() as group:
                task = group.create_task(reason_later())
            return [await reason_later(), task.result(), await asyncio.to_thread(reason)]

    assert asyncio.run(service()) == [Reason.PERMITTED] * 3


def test_concurrent_tasks_do_not_see_each_others_purpose() -> None:
    async def request(purpose: str) -> str:
        async with GATE.purpose(purpose):
            for _ in range(20):
                await asyncio.sleep(0)
            return GATE.check("name").purpose

    async def service() -> list[str]:
        return await asyncio.gather(*(request(purpose) for purpose in purposes))

    purposes = ["provide_service", "send_service_email", "monitor_usage"] * 5
    assert asyncio.run(service()) == purposes


def test_what_outlives_the_block_has_no_purpose() -> None:
    async def service() -> list[Reason]:
        done = asyncio.Event()

        async def late() -> Reason:
            await done.wait()
            return reason()

        async def late_and_nested() -> Reason:
            with GATE.purpose(subject="s1"):
                await done.wait()
                return reason()

        async def with_its_own() -> Reason:
            with GATE.purpose("view_video_interview"):
                await done.wait()
                return reason()

        with GATE.purpose("send_service_email"):
            outer = GATE.purpose(subject="s1")
            with outer:
                tasks = [asyncio.create_task(late())]
        with GATE.purpose("provide_service"):
            tasks += [asyncio.create_task(each()) for each in (late, late_and_nested, with_its_own)]
            await asyncio.sleep(0)
            context = contextvars.copy_context()
        done.set()
        return [*await asyncio.gather(*tasks), context.run(reason)]

    gone = Reason.UNKNOWN_PURPOSE
    assert asyncio.run(service()) == [gone, gone, gone, Reason.PERMITTED, gone]


def test_a_thread_has_none_unless_it_is_carried_there() -> None:
    with GATE.purpose("provide_service"), ThreadPoolExecutor(1) as pool:
        reasons = [pool.submit(reason).result(), pool.submit(GATE.propagate(reason)).result(), pool.submit(reason).result()]

    assert reasons == [Reason.UNKNOWN_PURPOSE, Reason.PERMITTED, Reason.UNKNOWN_PURPOSE]


def test_what_is_carried_is_the_purpose_of_then_and_not_of_there() -> None:
    carried_nothing = GATE.propagate(reason)
    with GATE.purpose("provide_service"):
        carried = GATE.propagate(purpose_now)
        assert carried_nothing() is Reason.UNKNOWN_PURPOSE
        assert reason() is Reason.PERMITTED

    assert carried() == "provide_service"
    with GATE.purpose("send_service_email"):
        assert carried() == "provide_service"
        assert GATE.check("name").purpose == "send_service_email"


def test_coroutines_and_generators_are_carried_too_and_stay_what_they_are() -> None:
    async def coroutine() -> Reason:
        return await reason_later()

    def generator() -> Iterator[Reason]:
        yield reason()
        yield reason()

    async def async_generator() -> AsyncIterator[Reason]:
        yield await reason_later()
        yield await reason_later()

    with GATE.purpose("provide_service"):
        later, steps, async_steps = GATE.propagate(coroutine), GATE.propagate(generator), GATE.propagate(async_generator)

    async def service() -> list[Reason]:
        return [await later(), *[each async for each in async_steps()]]

    assert (inspect.iscoroutinefunction(later), steps.__name__) == (True, "generator")
    assert asyncio.run(service()) == [Reason.PERMITTED] * 3
    step = steps()
    assert next(step) is Reason.PERMITTED
    assert reason() is Reason.UNKNOWN_PURPOSE
    assert next(step) is Reason.PERMITTED


# Generators


def test_a_generator_cannot_lend_its_purpose_to_its_caller() -> None:
    def generator() -> Iterator[int]:
        with GATE.purpose("provide_service"):
            yield 1

    async def async_generator() -> AsyncIterator[int]:
        async with GATE.purpose("provide_service"):
            yield 1

    def by_a_stack(stack: contextlib.ExitStack) -> None:
        stack.enter_context(GATE.purpose("provide_service"))

    def generator_with_a_stack() -> Iterator[int]:
        with contextlib.ExitStack() as stack:
            by_a_stack(stack)
            yield 1

    @contextlib.contextmanager
    def block() -> Iterator[None]:
        with GATE.purpose("provide_service"):
            yield

    def generator_with_a_manager() -> Iterator[int]:
        with block():
            yield 1

    async def first() -> int:
        return await anext(aiter(async_generator()))

    lenders: list[Callable[[], object]] = [
        lambda: next(generator()),
        lambda: asyncio.run(first()),
        lambda: next(generator_with_a_stack()),
        lambda: next(generator_with_a_manager()),
    ]
    for lend in lenders:
        with pytest.raises(DeclarationError) as caught:
            lend()
        assert slugs(caught.value) == ["lent-purpose"]
        assert reason() is Reason.UNKNOWN_PURPOSE


def test_context_managers_written_as_generators_open_it_for_their_block() -> None:
    @contextlib.contextmanager
    def block() -> Iterator[None]:
        with GATE.purpose("provide_service"):
            yield

    @contextlib.asynccontextmanager
    async def async_block() -> AsyncIterator[None]:
        async with GATE.purpose("provide_service"):
            yield

    async def service() -> Reason:
        async with async_block(), contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(GATE.purpose("view_video_interview"))
            return reason()

    with block(), contextlib.ExitStack() as stack:
        stack.enter_context(GATE.purpose("view_video_interview"))
        assert GATE.check("name").purpose == "view_video_interview"
    assert asyncio.run(service()) is Reason.PERMITTED
    assert reason() is Reason.UNKNOWN_PURPOSE


@pytest.fixture
def _providing_the_service() -> Iterator[None]:
    with GATE.purpose("provide_service"):
        yield


@pytest.mark.usefixtures("_providing_the_service")
def test_a_fixture_may_open_it_for_its_test() -> None:
    assert reason() is Reason.PERMITTED


def test_a_function_called_by_a_generator_may_open_it_for_itself() -> None:
    def named(_: int) -> Reason:
        with GATE.purpose("provide_service"):
            return reason()

    assert list(map(named, range(2))) == list(named(number) for number in range(2)) == [Reason.PERMITTED] * 2  # noqa: C400 - a generator is what is tried


# Tokens


# Another process that hangs writes where it does to the standard error, and is ended a little later.
TOLD = (faulthandler.dump_traceback_later, (50, False, 2))


def test_a_token_carries_names_and_ids_to_another_process() -> None:
    with GATE.purpose("view_video_interview", ACME, subject="s1"):
        token = GATE.token()

    assert json.loads(token) == {
        "policy": "en-japan-video-interview",
        "purpose": "view_video_interview",
        "recipient": ACME,
        "subject": "s1",
    }
    with multiprocessing.get_context("spawn").Pool(1, *TOLD) as pool:
        assert pool.apply_async(worked, (token,)).get(60) == ("view_video_interview", ACME)


def worked(token: str) -> tuple[str, str]:
    """Work in another process."""
    gate = Gate.load(SHIPPED)
    with gate.resume(token):
        decision = gate.check("name")
    return decision.purpose, decision.recipient


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_forked_process_is_not_in_the_block() -> None:
    with GATE.purpose("provide_service"), multiprocessing.get_context("fork").Pool(1, *TOLD) as pool:
        assert pool.apply_async(reason).get(60) is Reason.UNKNOWN_PURPOSE
        assert reason() is Reason.PERMITTED


def test_without_a_purpose_there_is_no_token() -> None:
    with pytest.raises(DeclarationError, match="no purpose here"):
        GATE.token()


@pytest.mark.parametrize(
    "token",
    [
        "",
        "{",
        "null",
        "[]",
        "{}",
        "[" * 100_000,
        '{"policy": "shop", "purpose": "provide_service"}',
        '{"policy": "en-japan-video-interview"}',
        '{"policy": "en-japan-video-interview", "purpose": null}',
        '{"policy": "en-japan-video-interview", "purpose": "provide_servic"}',
        '{"policy": "en-japan-video-interview", "purpose": "provide_service", "recipient": null}',
        '{"policy": "en-japan-video-interview", "purpose": "provide_service", "recipient": "everybody"}',
        '{"policy": "en-japan-video-interview", "purpose": "provide_service", "subject": 7}',
        '{"policy": "en-japan-video-interview", "purpose": "provide_service", "gate": "open"}',
        None,
        7,
    ],
    ids=range(16),
)
def test_what_is_no_token_of_this_policy_opens_nothing(token: Any) -> None:
    with pytest.raises(DeclarationError), GATE.resume(token):
        raise AssertionError("the block must not run")


def test_many_threads_each_see_their_own() -> None:
    seen: list[str] = []

    def request(purpose: str) -> None:
        for _ in range(200):
            with GATE.purpose(purpose):
                seen.append(f"{purpose} {GATE.check('name').purpose}")

    threads = [threading.Thread(target=request, args=(each,)) for each in ("provide_service", "monitor_usage") * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(seen) == 800
    assert set(seen) == {"provide_service provide_service", "monitor_usage monitor_usage"}


def test_a_block_that_nobody_closes_ends_with_whoever_kept_it() -> None:
    GATE.purpose("provide_service").__enter__()
    assert reason() is Reason.UNKNOWN_PURPOSE

    stack = contextlib.ExitStack()
    stack.enter_context(GATE.purpose("provide_service"))
    assert reason() is Reason.PERMITTED
    del stack
    assert reason() is Reason.UNKNOWN_PURPOSE
