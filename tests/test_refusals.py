"""What is said where code declares something wrongly, or uses what is sealed as if it were not: read as a person reads it."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import pytest
from builders import NOW, SHIPPED
from pydantic import BaseModel

from purposegate import From, Gate, MemorySink, Personal, PurposegateError, Sealed, combine

GATE = Gate.load(SHIPPED)
RECORDED = Gate.load(SHIPPED, trail=MemorySink(), clock=lambda: NOW)
SEALED = Sealed("hanako.sato@example.com", "email_address")
CHANGED = "a sealed value does not change"
NO_SUBCLASS = "`Sealed` has no subclasses: one could give back an attribute to the value"
PICKLED = "a sealed value is not pickled; send an id, and read the value where it is used"


def enter_twice() -> None:
    block = GATE.purpose("send_service_email")
    with block:
        pass
    block.__enter__()


def lend() -> None:
    def lending() -> Iterator[None]:
        with GATE.purpose("send_service_email"):
            yield

    next(lending())


def another_person() -> None:
    with GATE.purpose("send_service_email", subject="c-1"):
        GATE.check("email_address", subject="c-2")


def records_of_another_person() -> None:
    @dataclass
    class Row:
        id: str
        email: Annotated[str, Personal("email_address")]

    with GATE.purpose("send_service_email", subject="c-1"):
        GATE.disclose([Row("c-2", "e")], subject=From("id"))


def a_wider_recipient() -> None:
    with GATE.purpose("view_video_interview", "employer_company/acme"):
        GATE.purpose(recipient="employer_company/globex").__enter__()


def a_wider_purpose() -> None:
    with GATE.purpose("view_video_interview"):
        GATE.purpose("provide_service").__enter__()


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (
            enter_twice,
            "error[entered-twice] the block of a purpose is entered once\n  help: call `purpose` again for another block",
        ),
        (
            lend,
            ("error[lent-purpose] a generator that opens a purpose would lend it to whoever iterates it\n"
            "  help: decorate the generator with `guard` or `propagate`, each of which keeps its steps apart"),
        ),
        (
            lambda: GATE.purpose(subject="c-1").__enter__(),
            "error[no-purpose] there is no purpose here that could be narrowed\n  help: name one",
        ),
        (
            GATE.token,
            "error[no-purpose] there is no purpose here that a token could carry\n  help: call it inside `with gate.purpose(…)`",
        ),
        (lambda: GATE.resume("{}"), "error[bad-token] this is no token of a purpose under this policy"),
        (
            another_person,
            ("error[wider-purpose] the subject is another than that of the purpose around it\n"
            "  help: a nested purpose only narrows the one around it"),
        ),
        (
            records_of_another_person,
            "error[wider-purpose] the subject is another than that of the purpose around it\n  help: one person a block",
        ),
        (
            a_wider_recipient,
            ("error[wider-purpose] the recipient `employer_company/globex` does not lie under `employer_company/acme`\n"
            "  help: a nested purpose only narrows the one around it"),
        ),
        (
            a_wider_purpose,
            ("error[wider-purpose] the purpose `provide_service` does not lie under `view_video_interview`\n"
            "  help: a nested purpose only narrows the one around it"),
        ),
        (
            lambda: GATE.disclose({"a": 1}, "send_service_email"),
            ("error[undeclared-data] no type says what is personal in plain data\n"
            "  help: pass a model, or say with `as_type` what the data are"),
        ),
        (
            lambda: GATE.open(Sealed("x"), "send_service_email"),
            "error[unlabelled] a sealed value without a data category never opens\n  help: label it with `Personal`",
        ),
        (lambda: RECORDED.declassify(SEALED, reason=" "), "error[no-reason] what is declassified needs a reason"),
        (
            lambda: GATE.declassify(SEALED, reason="reviewed"),
            "error[no-trail] nothing would record what is declassified\n  help: give the gate a trail",
        ),
        (
            lambda: GATE.guard("email_address")(7),
            "error[no-function] a guard goes on a function, a method or a class",
        ),
        (
            lambda: SEALED.map(json.loads),
            "the function failed inside a sealed value (JSONDecodeError)",
        ),
    ],
)  # fmt: skip
def test_what_is_declared_wrongly_is_said_with_what_helps(refused: Callable[[], object], said: str) -> None:
    with pytest.raises(PurposegateError) as caught:
        refused()

    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("used", "kind", "said"),
    [
        (lambda: bool(SEALED), TypeError, "a sealed value is neither true nor false; compute inside it with `map`"),
        (lambda: setattr(SEALED, "_value", 1), AttributeError, CHANGED),
        (lambda: delattr(SEALED, "_labels"), AttributeError, CHANGED),
        (lambda: pickle.dumps(SEALED), TypeError, PICKLED),
        (lambda: pickle.dumps(SEALED, protocol=0), TypeError, PICKLED),
        (SEALED.__reduce__, TypeError, PICKLED),
        (
            lambda: type("Open", (Sealed,), {}),
            TypeError,
            "`Sealed` has no subclasses: one could give back an attribute to the value",
        ),
        (lambda: Sealed("x", 7), TypeError, "a sealed value is labelled with the names of data categories"),  # type: ignore[call-overload]  # on purpose
        (lambda: combine("a", "b", max), TypeError, "`combine` takes a sealed value"),  # type: ignore[call-overload]  # as above
        (lambda: Personal(7), TypeError, "`Personal` takes the name of a data category"),  # type: ignore[arg-type]  # as above
        (lambda: GATE.open("x", "send_service_email"), TypeError, "`open` opens what is sealed"),  # type: ignore[arg-type]  # as above
        (lambda: GATE.declassify("x", reason="r"), TypeError, "`declassify` opens what is sealed"),  # type: ignore[arg-type]  # as above
        (
            lambda: GATE.disclose(iter([]), "send_service_email"),
            TypeError,
            "an iterator cannot be disclosed: it would be used up; pass a list",
        ),
        (
            lambda: From("a b"),
            TypeError,
            "`From` takes a parameter's name, a dotted path that begins with one, or a function",
        ),
    ],
    ids=range(14),
)
def test_what_is_used_as_what_it_is_not_is_said(used: Callable[[], Any], kind: type[Exception], said: str) -> None:
    with pytest.raises(kind) as caught:
        used()

    assert str(caught.value) == said


def test_what_is_copied_is_the_same_and_what_is_sealed_shows_its_categories_only() -> None:
    several = Sealed("x", "name", "email_address")

    assert copy.copy(SEALED) is copy.deepcopy(SEALED) is SEALED
    assert (repr(SEALED), str(SEALED), f"{SEALED:>30}") == ("Sealed(email_address)", "[sealed]", "[sealed]")
    assert repr(several) == "Sealed(email_address, name)"
    assert several.data_categories == ("email_address", "name")


@pytest.mark.parametrize(
    "token",
    [
        "",
        "{",
        "[]",
        '"x"',
        '{"policy": "en-japan-video-interview"}',
        '{"purpose": "send_service_email"}',
        '{"policy": "another", "purpose": "send_service_email"}',
        '{"policy": "en-japan-video-interview", "purpose": 7}',
        '{"policy": "en-japan-video-interview", "purpose": "send_service_email", "subject": 7}',
        '{"policy": "en-japan-video-interview", "purpose": "send_service_email", "gate": "x"}',
    ],
)
def test_what_is_no_token_opens_nothing(token: str) -> None:
    with pytest.raises(PurposegateError, match="bad-token"):
        GATE.resume(token)


def test_a_token_carries_every_part_and_nothing_that_is_not_said() -> None:
    with GATE.purpose("view_video_interview", "employer_company/acme", subject="c-1", channel="email", claim="k-1"):
        whole = GATE.token()
    with GATE.purpose("send_service_email"):
        least = GATE.token()

    assert json.loads(whole) == {
        "policy": "en-japan-video-interview",
        "purpose": "view_video_interview",
        "recipient": "employer_company/acme",
        "subject": "c-1",
        "channel": "email",
        "claim": "k-1",
    }
    assert json.loads(least) == {"policy": "en-japan-video-interview", "purpose": "send_service_email"}
    for token in (whole, least):
        with GATE.resume(token):
            assert GATE.token() == token


def test_a_token_of_names_that_the_policy_does_not_know_says_which() -> None:
    token = {"policy": "en-japan-video-interview", "purpose": "send_servce_email", "recipient": "x", "channel": "pigeon"}

    with pytest.raises(PurposegateError) as caught:
        GATE.resume(json.dumps(token))

    told = str(caught.value)
    assert [slug for slug in ("unknown-purpose", "unknown-recipient", "unknown-channel") if slug not in told] == []
    assert "help: did you mean `send_service_email`?" in told


class Letter(BaseModel):
    to: Annotated[str, Personal("email_address")] = "e"


PARTS: dict[str, Any] = {"subject": "c-1", "channel": "email", "claim": "k-1"}
VIEW, ACME = "view_video_interview", "employer_company/acme"


def within(gate: Gate, call: Callable[[], object]) -> None:
    with gate.purpose(VIEW, ACME, **PARTS):
        call()


@pytest.mark.parametrize(
    "release",
    [
        lambda gate: gate.check("email_address", VIEW, ACME, **PARTS),
        lambda gate: gate.decide("email_address", VIEW, ACME, **PARTS),
        lambda gate: gate.decide("email_address", recipient=ACME, **PARTS),
        lambda gate: gate.open(SEALED, VIEW, ACME, **PARTS),
        lambda gate: gate.open(Sealed("x", "email_address", "name"), VIEW, ACME, **PARTS),
        lambda gate: gate.disclose(Letter(), VIEW, ACME, **PARTS),
        lambda gate: gate.fields(Letter, VIEW, ACME, **PARTS),
        lambda gate: within(gate, lambda: gate.check("email_address")),
        lambda gate: within(gate, lambda: gate.open(Sealed("x", "email_address", "name"))),
        lambda gate: within(gate, lambda: gate.disclose(Letter())),
        lambda gate: within(gate, lambda: gate.fields(Letter)),
        lambda gate: within(gate, lambda: gate.check("email_address", recipient=ACME, **PARTS)),
        lambda gate: gate.guard("email_address", purpose=VIEW, recipient=ACME, **PARTS)(lambda: None)(),
    ],
    ids=range(13),
)
def test_every_part_of_a_use_reaches_the_judge_and_the_trail(release: Callable[[Gate], object]) -> None:
    trail = MemorySink()

    release(Gate.load(SHIPPED, trail=trail, clock=lambda: NOW))

    assert trail.records
    assert {(each.subject, each.channel, each.claim, each.decision.recipient) for each in trail.records} == {
        ("c-1", "email", "k-1", ACME)
    }


class Pretending(str):
    """Text that equals whatever it is compared with."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("send_service_email")


def test_what_was_opened_once_opens_by_no_other_channel_and_for_no_pretended_name() -> None:
    gate = Gate.load(SHIPPED)
    for _ in range(2):
        assert (
            gate.open(SEALED, VIEW, ACME)
            == gate.open(SEALED, "send_service_email")
            == gate.open(SEALED, VIEW, ACME, channel="email")
        )
        for purpose, recipient, channel in (
            (VIEW, ACME, "fax"),
            (Pretending("anything"), None, None),
            (VIEW, Pretending(ACME + "x/y"), None),
        ):
            with pytest.raises(PurposegateError):
                gate.open(SEALED, purpose, recipient, channel=channel)
            with pytest.raises(PurposegateError):
                gate.disclose(Letter(), purpose, recipient, channel=channel)
