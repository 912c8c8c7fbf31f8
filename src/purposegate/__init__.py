"""A published privacy policy, made executable: every use of personal data that it does not state is blocked."""

from purposegate.engine.decision import Citation, Decision, PolicyStamp, Reason, Shortfall
from purposegate.engine.judge import Engine
from purposegate.engine.lookups import NearMiss
from purposegate.engine.use import Context, Standing, Use
from purposegate.errors import LedgerError, PolicyError, PurposegateError, TrailError
from purposegate.findings import Finding, Location, Severity
from purposegate.gate.gate import BoundGate, Gate, Observe
from purposegate.gate.violation import PurposeViolation
from purposegate.ledger.memory import MemoryLedger
from purposegate.ledger.protocol import Ledger
from purposegate.ledger.records import Agreement, Claim, Consent, LodgedObjection, Records, Release
from purposegate.policy.policy import Policy
from purposegate.trail.memory import MemorySink
from purposegate.trail.record import Asked, Mode, Record, Sink

__all__ = [
    "Agreement",
    "Asked",
    "BoundGate",
    "Citation",
    "Claim",
    "Consent",
    "Context",
    "Decision",
    "Engine",
    "Finding",
    "Gate",
    "Ledger",
    "LedgerError",
    "Location",
    "LodgedObjection",
    "MemoryLedger",
    "MemorySink",
    "Mode",
    "NearMiss",
    "Observe",
    "Policy",
    "PolicyError",
    "PolicyStamp",
    "PurposeViolation",
    "PurposegateError",
    "Reason",
    "Record",
    "Records",
    "Release",
    "Severity",
    "Shortfall",
    "Sink",
    "Standing",
    "TrailError",
    "Use",
]
