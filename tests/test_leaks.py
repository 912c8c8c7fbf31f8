"""The battery of leaks: programs that let personal data out by accident, each run with the library and without it."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from builders import a_document, a_gate
from leaks.protected import Protected
from leaks.running import OPTIONAL, Outcome, Program, programs, run
from leaks.searching import found
from leaks.unprotected import Unprotected
from leaks.world import SECRET, World

from purposegate import Gate, MemorySink, PurposegateError, Sealed

PROGRAMS = programs()


def an_error_with(cause: Exception | None = None, note: str = "") -> Exception:
    error = RuntimeError("stopped")
    error.__cause__ = cause
    error.add_note(note)
    return error


def outcome(program: Program, world: World) -> Outcome:
    try:
        return run(program, world)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in OPTIONAL:
            raise
        pytest.skip(f"needs {error.name}")


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_without_the_library_the_program_is_a_true_leak(program: Program) -> None:
    without = outcome(program, Unprotected())

    assert found(without.came_out) is not None, f"nothing came out: {without}"


@pytest.mark.parametrize("trail", [None, MemorySink], ids=["unrecorded", "recorded"])
@pytest.mark.parametrize("program", [each for each in PROGRAMS if each.reason is None], ids=str)
def test_with_the_library_the_secret_stays_in_and_the_program_ends_as_it_says(
    program: Program, trail: type[MemorySink] | None
) -> None:
    protected = outcome(program, Protected(None if trail is None else trail()))

    assert found(protected.came_out) is None
    assert protected.ended == program.refused


@pytest.mark.parametrize("program", [each for each in PROGRAMS if each.reason is not None], ids=str)
def test_what_is_listed_as_not_blockable_does_leak_and_says_why_nothing_can_be_done(program: Program) -> None:
    protected = outcome(program, Protected(MemorySink()))

    assert found(protected.came_out) is not None
    assert protected.ended is None
    assert program.refused is None
    assert program.group == "not_blockable"
    assert len(program.reason or "") > 20


@pytest.mark.parametrize(
    "shown",
    [
        f"to: {SECRET.upper()}",
        SECRET.encode(),
        SECRET.encode("utf-16"),
        base64.b64encode(SECRET.encode()).decode(),
        SECRET.encode().hex(),
        {"a": [({SECRET},)]},
        {SECRET.partition("@")[0]: 1},
        SimpleNamespace(a=SimpleNamespace(b=SECRET)),
        an_error_with(cause=LookupError(SECRET)),
        an_error_with(note=SECRET),
        ExceptionGroup("several", [LookupError(SECRET)]),
    ],
    ids=range(11),
)
def test_the_secret_is_found_however_it_came_out(shown: object) -> None:
    assert found(["before", shown]) is not None


def test_what_is_printed_logged_and_warned_of_has_come_out(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(
        "import logging, sys, warnings\n"
        "def leak(world):\n"
        "    print('one')\n"
        "    print('two', file=sys.stderr)\n"
        "    logging.getLogger('any').debug('%s', 'three', extra={'four': 'five'})\n"
        "    warnings.warn('six')\n"
        "    raise LookupError('seven')\n"
    )

    came = run(Program(path, "Says all it can.", None, None), Protected(MemorySink()))

    assert came.ended == "LookupError"
    assert [word for word in ("one", "two", "three", "four", "five", "six", "seven") if word not in repr(came.came_out)] == []


def test_nothing_is_found_where_nothing_came_out() -> None:
    assert found([Gate, a_gate(), a_document(), LookupError("nobody"), b"", {"name": None}, range(3), object()]) is None


def test_what_the_library_says_of_a_name_repeats_no_address_that_was_passed_for_one() -> None:
    gate = a_gate()
    calls: list[Callable[[], object]] = [
        lambda: gate.check(SECRET, "shipping"),
        lambda: gate.check("email_address", SECRET),
        lambda: gate.check("email_address", "shipping", SECRET),
        lambda: gate.check("email_address", "shipping", f"carrier/{SECRET}"),
        lambda: gate.check("email_address", "shipping", "carrier", channel=SECRET, claim=SECRET),
        lambda: gate.guard(SECRET, purpose=SECRET, recipient=SECRET, channel=SECRET),
        lambda: gate.purpose(SECRET, SECRET, channel=SECRET).__enter__(),
        lambda: gate.resume(json.dumps({"policy": "shop", "purpose": SECRET})).__enter__(),
        lambda: gate.open(Sealed("email_address", SECRET), "shipping"),
        lambda: gate.disclose([Sealed("email_address", SECRET)], "shipping"),
    ]
    said: list[object] = [repr(Sealed("email_address", SECRET))]
    for call in calls:
        with pytest.raises(PurposegateError) as caught:
            call()
        said.append(caught.value)

    assert found(said) is None


def test_each_program_says_in_one_sentence_what_its_colleague_does() -> None:
    for program in PROGRAMS:
        assert program.sentence.endswith("."), program
        assert "\n" not in program.sentence, program
        assert (program.group == "not_blockable") is (program.reason is not None), program
    assert len({program.sentence for program in PROGRAMS}) == len(PROGRAMS)


def test_there_are_enough_of_each_kind() -> None:
    kinds = Counter(program.group for program in PROGRAMS)

    assert sum(kinds.values()) - kinds["not_blockable"] >= 66
    assert min(kinds.values()) >= 6
