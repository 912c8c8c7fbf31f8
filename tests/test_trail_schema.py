"""The documented format of a trail: the schema, the document and what is written say the same."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from builders import NOW, ROOT, SHIPPED
from test_trail_cli import a_year_at_the_desk
from test_trail_reading import RICH
from trails import TrailFile, a_decision, a_killed_file, a_record, a_trail

from purposegate import Gate, MemorySink
from purposegate.engine.decision import Reason
from purposegate.policy.loader import load
from purposegate.policy.terms import Role
from purposegate.trail.lines import fields, line_of
from purposegate.trail.reading import Reading
from purposegate.trail.schema import REQUIRED, SCHEMA

DOCUMENT = (ROOT / "docs" / "trail.md").read_text()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
# A record of which no field is empty.
FULL = replace(
    RICH,
    decision=a_decision(
        reason=Reason.UNMET_CONDITION, unmet=("consent",), objections=("stop",), unaccepted="2", standing=RICH.decision.standing
    ),
    role=Role.THIRD_PARTY,
)


def test_every_field_of_a_line_is_in_the_schema_in_its_order() -> None:
    assert list(SCHEMA["properties"]) == list(fields(FULL))
    assert SCHEMA["required"] == list(REQUIRED) == list(fields(a_record(subject=None)))


def test_every_field_is_documented_in_its_order_with_its_type() -> None:
    section = DOCUMENT.partition("## A record")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| ([a-z ]+) \|", section, re.MULTILINE))

    assert list(rows) == list(fields(FULL))
    assert {name: kind for name, kind in rows.items() if kind != documented(SCHEMA["properties"][name])} == {}


def documented(schema: dict[str, Any]) -> str:
    """Give the word of the document for a type of the schema."""
    if schema.get("const") is True:
        return "true"
    if "enum" in schema:
        return "text"
    return {"string": "text", "integer": "integer", "array": "list of text", "object": "object"}[schema["type"]]


def test_the_words_of_a_field_are_documented() -> None:
    section = DOCUMENT.partition("## A record")[2].partition("\n## ")[0]
    properties = SCHEMA["properties"]
    words = [*properties["shown"]["properties"]]
    for name in ("asked", "mode", "standing"):
        words += properties[name]["enum"]

    assert [word for word in words if f"`{word}`" not in section] == []


def test_what_a_gate_records_is_valid(tmp_path: Path) -> None:
    """With a ledger, and without one every triple of the shipped policy, unknown names, and what was declassified."""
    a_year_at_the_desk(tmp_path / "ledger.db", tmp_path)
    trail = MemorySink()
    policy = load(SHIPPED)
    gate = Gate(policy, trail=trail, clock=lambda: NOW)
    for data_category in (*policy.categories, "Not a name"):
        for purpose in (*policy.purposes, "x"):
            gate.decide(data_category, purpose, "employer_company/acme", subject="u-1")
    lines = [json.loads(line_of(record)) for record in (*trail.records, FULL, RICH, a_record())]

    wrong = [error.message for line in (*Reading(tmp_path).fields(), *lines) for error in VALIDATOR.iter_errors(line)]

    assert wrong == []


@pytest.mark.parametrize(
    "change",
    [
        {"id": "1"},
        {"at": "now"},
        {"at": -1},
        {"asked": "nicely"},
        {"reason": "because"},
        {"clauses": "1"},
        {"policy": {}},
        {"shown": {"caller": ["consent"]}},
        {"registered": False},
        {"count": 1},
        {"trace_id": "x"},
        {"value": "somebody@example.com"},
    ],
)
def test_what_is_no_record_is_not_valid(change: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(fields(FULL))
    assert not VALIDATOR.is_valid(fields(FULL) | change)


@pytest.mark.parametrize("field", REQUIRED)
def test_a_record_without_what_it_needs_is_not_valid(field: str) -> None:
    assert not VALIDATOR.is_valid({name: value for name, value in fields(FULL).items() if name != field})


def test_a_seal_is_verified_by_hand_as_documented(tmp_path: Path) -> None:
    commands = DOCUMENT.partition("### By hand")[2].partition("```sh\n")[2].partition("```")[0]
    *_, last = a_trail(tmp_path)
    for file in (last, a_killed_file().seal(covering=len(TrailFile().data))):
        path = file.put(tmp_path)

        done = subprocess.run(
            ["/bin/sh", "-c", commands],
            env={"FILE": str(path), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )

        assert done.stdout.split()[0] == file.head["sha256"]


def test_every_kind_of_line_is_documented_with_its_fields() -> None:
    section = DOCUMENT.partition("## A file")[2].partition("\n## ")[0]
    rows = [row.strip("| ").split(" | ") for row in section.splitlines() if row.startswith('| `{"')]
    documented_fields = {begins.strip("`"): re.findall(r"`(\w+)`", names) for begins, _, names in rows}
    header, *_, mend, end = a_killed_file().mend().end().data.decode().splitlines()

    assert documented_fields == {
        '{"purposegate_trail":': list(json.loads(header)),
        '{"id":': [],
        '{"seal":': list(json.loads(end)),
        '{"mended":': list(json.loads(mend)),
    }
    assert [header.startswith('{"purposegate_trail":'), mend.startswith('{"mended":'), end.startswith('{"seal":')] == [True] * 3
