"""`purposegate.testing`: uses asserted in a suite, and what of a policy it never exercised."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import NOW, SHIPPED, a_gate

from purposegate import Gate, MemorySink, Observe, Reason
from purposegate.testing import Exercise, assert_denied, assert_permitted
from purposegate.testing.together import in_a_child

ACME = "employer_company/acme"
GATE = Gate.load(SHIPPED)


def failure(asserted: Callable[[], object]) -> str:
    with pytest.raises(AssertionError) as caught:
        asserted()
    return str(caught.value)


def test_a_permitted_use_is_asserted_as_permitted_and_a_denied_one_fails_with_its_story() -> None:
    assert assert_permitted(GATE, "name", "view_video_interview", ACME).clauses == ("3(1)", "4(1)")

    told = failure(lambda: assert_permitted(GATE, "video_interview", "distribute_advertising", subject="c-1"))

    assert told.splitlines()[0].endswith("the purpose is not declared for this category [undeclared-purpose]")
    assert "clause 3(8)" in told
    assert "c-1" not in told


def test_a_denied_use_is_asserted_as_denied_and_a_permitted_one_fails() -> None:
    denied = ("video_interview", "distribute_advertising")
    assert assert_denied(GATE, *denied).reason is Reason.UNDECLARED_PURPOSE
    assert not assert_denied(GATE, *denied, reason="undeclared-purpose")

    assert failure(lambda: assert_denied(GATE, "name", "view_video_interview", ACME)).startswith("expected a denial by the rules")
    assert "expected a denial for `unlisted-recipient`" in failure(
        lambda: assert_denied(GATE, *denied, reason=Reason.UNLISTED_RECIPIENT)
    )
    with pytest.raises(ValueError, match="undeclared_purpose"):
        assert_denied(GATE, *denied, reason="undeclared_purpose")


@pytest.mark.parametrize(
    ("use", "reason"),
    [
        (("vidoe_interview", "distribute_advertising"), "unknown-category"),
        (("video_interview", "distribute_advertisng"), "unknown-purpose"),
        (("video_interview",), "unknown-purpose"),
        (("video_interview", "distribute_advertising", "third_prty/x"), "unknown-recipient"),
    ],
)
def test_a_misspelt_name_is_no_denial_unless_it_is_expected(use: tuple[str, ...], reason: str) -> None:
    parts: Any = use

    assert f"[{reason}]" in failure(lambda: assert_denied(GATE, *parts))
    assert assert_denied(GATE, *parts, reason=reason).reason == reason


def test_what_is_permitted_is_no_reason_to_expect() -> None:
    assert "expected a denial" in failure(lambda: assert_denied(GATE, "name", "view_video_interview", ACME, reason="permitted"))


def test_a_gate_that_only_observes_is_told_as_it_would_decide() -> None:
    gate = Gate.load(SHIPPED, observe=Observe(until=NOW.date() + timedelta(days=1), reason="adopting"), clock=lambda: NOW)

    assert failure(lambda: assert_permitted(gate, "video_interview", "distribute_advertising"))
    assert not assert_denied(gate, "video_interview", "distribute_advertising")


def test_a_use_may_be_asserted_in_the_ambient_purpose() -> None:
    with GATE.purpose("view_video_interview", ACME):
        assert assert_permitted(GATE, "name").recipient == ACME


def test_a_purpose_is_exercised_by_a_permitted_use_for_it_and_a_provision_by_what_it_permits() -> None:
    exercise = Exercise(GATE.policy)
    every = exercise.purposes_left
    assert every == tuple(GATE.policy.purposes)
    assert len(exercise.provisions_left) == 7

    exercise.add([GATE.decide("video_interview", "distribute_advertising"), GATE.decide("name", "send_service_email")])
    assert set(every) - set(exercise.purposes_left) == {"send_service_email"}
    assert len(exercise.provisions_left) == 7

    exercise.add([GATE.decide("name", "view_video_interview", ACME)])
    assert "view_video_interview" not in exercise.purposes_left
    assert str(exercise.provisions_left[0]).endswith("en-japan-video-interview.yaml:187:5")  # article 5; that of 4(1) stood before
    assert len(exercise.provisions_left) == 6


def test_a_use_for_a_purpose_below_exercises_the_one_above_and_not_the_other_way_round() -> None:
    below, above = Exercise(GATE.policy), Exercise(GATE.policy)

    below.add([GATE.decide("name", "view_video_interview", ACME)])
    above.add([GATE.decide("name", "provide_service")])

    assert {"provide_service", "view_video_interview"}.isdisjoint(below.purposes_left)
    assert "provide_service" not in above.purposes_left
    assert "view_video_interview" in above.purposes_left


def test_decisions_of_another_policy_exercise_nothing() -> None:
    exercise = Exercise(GATE.policy)

    exercise.add([decision for data in a_gate().policy.categories for decision in [a_gate().decide(data, "shipping")]])

    assert exercise.purposes_left == tuple(GATE.policy.purposes)


def test_what_another_process_exercised_counts_as_well() -> None:
    trail = MemorySink()
    gate = Gate.load(SHIPPED, trail=trail)
    gate.check("name", "view_video_interview", ACME)
    there, here = Exercise(gate.policy), Exercise(GATE.policy)
    there.add(record.decision for record in trail.records)
    here.add([GATE.decide("email_address", "send_service_email")])

    here.merge(there.to_json())
    places = [GATE.policy.place("provisions", number) for number in range(7)]
    every = [[place.line, place.column] for place in places if place]
    here.merge({"digest": "another", "purposes": list(GATE.policy.purposes), "provisions": every})

    assert {"view_video_interview", "send_service_email"}.isdisjoint(here.purposes_left)
    assert len(here.purposes_left) == 18  # that of the service itself lies above the first
    assert len(here.provisions_left) == 6
    assert here.report()[0] == "purposes never exercised: 18 of 21"
    assert "provisions never exercised: 6 of 7" in here.report()


def test_a_provision_is_exercised_by_whatever_path_its_text_was_read(tmp_path: Path) -> None:
    for file in SHIPPED.parent.glob("en-japan*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    elsewhere = Gate.load(tmp_path / SHIPPED.name)
    exercise = Exercise(GATE.policy)

    exercise.add([elsewhere.decide("name", "view_video_interview", ACME)])

    assert len(exercise.provisions_left) == 6


def test_a_process_that_read_the_text_by_another_path_and_exercised_nothing_counts_for_nothing(tmp_path: Path) -> None:
    for file in SHIPPED.parent.glob("en-japan*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    there, here = Exercise(Gate.load(tmp_path / SHIPPED.name).policy), Exercise(GATE.policy)

    here.merge(there.to_json())

    assert len(here.provisions_left) == 7


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_that_hangs_is_killed_and_tells_where_and_one_that_fails_tells_why(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def hang() -> None:
        time.sleep(60)

    def fail() -> None:
        raise ValueError("why it fails")

    assert not in_a_child(hang, within=2.0)
    assert not in_a_child(fail)
    assert not in_a_child(lambda: False)
    assert in_a_child(lambda: None)

    told = capfd.readouterr().err
    assert "in hang" in told
    assert "did not end within 2.0 seconds and is killed" in told
    assert "ValueError: why it fails" in told
