"""A published privacy policy, made executable: every use of personal data that it does not state is blocked."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from purposegate.engine.decision import Citation, Decision, PolicyStamp, Reason, Shortfall
    from purposegate.engine.judge import Engine
    from purposegate.engine.lookups import NearMiss
    from purposegate.engine.use import Context, Standing, Use
    from purposegate.errors import DeclarationError, LedgerError, PolicyError, PurposegateError, TrailError
    from purposegate.findings import Finding, Location, Severity
    from purposegate.gate.bound import BoundGate
    from purposegate.gate.gate import Gate
    from purposegate.gate.labels import Personal
    from purposegate.gate.observe import Observe
    from purposegate.gate.sealed import Sealed, combine
    from purposegate.gate.taking import From
    from purposegate.gate.violation import PurposeViolation
    from purposegate.ledger.memory import MemoryLedger
    from purposegate.ledger.protocol import Ledger
    from purposegate.ledger.records import (
        Acceptance,
        Agreement,
        Claim,
        Consent,
        Deregistration,
        Dissent,
        Kept,
        Lifting,
        LodgedObjection,
        Notice,
        Records,
        Refusal,
        RegisteredRecipient,
        Release,
        Revocation,
        ServiceUse,
        Termination,
        Withdrawal,
    )
    from purposegate.policy.policy import Policy
    from purposegate.policy.terms import ShownBy
    from purposegate.trail.aggregating import AggregatingSink
    from purposegate.trail.files import FileSink
    from purposegate.trail.logs import LoggingSink
    from purposegate.trail.memory import MemorySink
    from purposegate.trail.pipes import PipeSink
    from purposegate.trail.record import Asked, Durability, Mode, Record, Shown, Sink

__all__ = [
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

# Where each public name lives. It is imported when it is first used (PEP 562): the command line and a process that only asks
# for the version need not pay for all of them. A test holds this list, `__all__` and the imports for type checkers together.
_HOMES = {
    "purposegate.engine.decision": ("Citation", "Decision", "PolicyStamp", "Reason", "Shortfall"),
    "purposegate.engine.judge": ("Engine",),
    "purposegate.engine.lookups": ("NearMiss",),
    "purposegate.engine.use": ("Context", "Standing", "Use"),
    "purposegate.errors": ("DeclarationError", "LedgerError", "PolicyError", "PurposegateError", "TrailError"),
    "purposegate.findings": ("Finding", "Location", "Severity"),
    "purposegate.gate.bound": ("BoundGate",),
    "purposegate.gate.gate": ("Gate",),
    "purposegate.gate.labels": ("Personal",),
    "purposegate.gate.observe": ("Observe",),
    "purposegate.gate.sealed": ("Sealed", "combine"),
    "purposegate.gate.taking": ("From",),
    "purposegate.gate.violation": ("PurposeViolation",),
    "purposegate.ledger.memory": ("MemoryLedger",),
    "purposegate.ledger.protocol": ("Ledger",),
    "purposegate.ledger.records": (
        "Acceptance",
        "Agreement",
        "Claim",
        "Consent",
        "Deregistration",
        "Dissent",
        "Kept",
        "Lifting",
        "LodgedObjection",
        "Notice",
        "Records",
        "Refusal",
        "RegisteredRecipient",
        "Release",
        "Revocation",
        "ServiceUse",
        "Termination",
        "Withdrawal",
    ),
    "purposegate.policy.policy": ("Policy",),
    "purposegate.policy.terms": ("ShownBy",),
    "purposegate.trail.aggregating": ("AggregatingSink",),
    "purposegate.trail.files": ("FileSink",),
    "purposegate.trail.logs": ("LoggingSink",),
    "purposegate.trail.memory": ("MemorySink",),
    "purposegate.trail.pipes": ("PipeSink",),
    "purposegate.trail.record": ("Asked", "Durability", "Mode", "Record", "Shown", "Sink"),
}


def __getattr__(name: str) -> object:
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
