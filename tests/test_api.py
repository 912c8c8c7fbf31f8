"""The public names, and what importing them costs."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from builders import a_context, an_engine

import purposegate
from purposegate import Reason, Use

PUBLIC = [
    "Acceptance",
    "AggregatingSink",
    "Agreement",
    "Asked",
    "BoundGate",
    "Citation",
    "Claim",
    "Consent",
    "Context",
    "Decision",
    "DeclarationError",
    "Deregistration",
    "Dissent",
    "Durability",
    "Engine",
    "FileSink",
    "Finding",
    "From",
    "Gate",
    "Kept",
    "Ledger",
    "LedgerError",
    "Lifting",
    "Location",
    "LodgedObjection",
    "LoggingSink",
    "MemoryLedger",
    "MemorySink",
    "Mode",
    "NearMiss",
    "Notice",
    "Observe",
    "Personal",
    "PipeSink",
    "Policy",
    "PolicyError",
    "PolicyStamp",
    "PurposeViolation",
    "PurposegateError",
    "Reason",
    "Record",
    "Records",
    "Refusal",
    "RegisteredRecipient",
    "Release",
    "Revocation",
    "Sealed",
    "ServiceUse",
    "Severity",
    "Shortfall",
    "Shown",
    "ShownBy",
    "Sink",
    "Standing",
    "Termination",
    "TrailError",
    "Use",
    "Withdrawal",
    "combine",
]


def test_the_public_names_are_these() -> None:
    assert sorted(purposegate.__all__) == sorted(PUBLIC)
    assert dir(purposegate) == sorted(PUBLIC)
    for name in PUBLIC:
        assert getattr(purposegate, name).__name__ == name


@pytest.mark.parametrize(
    ("module", "names"),
    [
        (
            "purposegate.testing",
            [
                "DurableSinkContract",
                "Exercise",
                "ExercisingSink",
                "LedgerContract",
                "SinkContract",
                "assert_denied",
                "assert_permitted",
            ],
        ),
        ("purposegate.ledger.consent_records", ["from_consent_record", "read_consent_records", "to_consent_record"]),
        ("purposegate.ledger.sql", ["SqlLedger", "is_there"]),
        ("purposegate.trail.sql", ["Fault", "Head", "SqlSink", "is_there"]),
        ("purposegate.integrations.fastapi", ["for_purpose", "install", "route_class"]),
        ("purposegate.integrations.opentelemetry", ["OpenTelemetrySink", "trace_id"]),
    ],
)
def test_the_public_names_of_what_stands_beside_it_are_these(module: str, names: list[str]) -> None:
    assert sorted(importlib.import_module(module).__all__) == names


def test_the_names_for_type_checkers_are_the_names_at_run_time() -> None:
    tree = ast.parse(Path(purposegate.__file__).read_text())
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    imports = [node for node in guarded.body if isinstance(node, ast.ImportFrom)]

    declared = {node.module: tuple(alias.name for alias in node.names) for node in imports}

    assert declared == purposegate._HOMES


def test_a_name_that_is_not_public_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Gates'"):
        purposegate.Gates  # noqa: B018 - the look-up is what is tested


def test_importing_it_loads_no_framework() -> None:
    frameworks = ("pydantic", "yaml", "typer", "rich", "fastapi", "opentelemetry", "pytest", "sqlalchemy", "alembic", "psycopg")
    code = f"import sys; from purposegate import Gate; print([name for name in {frameworks} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=120)

    assert done.stdout.strip() == "[]"


def test_a_decision_is_true_only_when_it_permits_and_cannot_be_changed() -> None:
    engine = an_engine()
    permitted, denied = (engine.decide(Use("email_address", purpose), a_context()) for purpose in ("shipping", "raffle"))

    assert bool(permitted)
    assert not bool(denied)
    with pytest.raises(FrozenInstanceError):
        denied.permitted = True  # type: ignore[misc]  # the mistake that is tested
    with pytest.raises(FrozenInstanceError):
        denied.reason = Reason.PERMITTED  # type: ignore[misc]  # as above
