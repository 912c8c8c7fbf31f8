"""Small policies for tests: what does not matter to a test is filled in here."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from purposegate import Context, Engine, Gate, MemoryLedger, Policy, Records, Standing, Use
from purposegate.ledger.protocol import AsOf
from purposegate.policy.reader import read

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "policies" / "en-japan-video-interview.yaml"
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
PROSE = "We use your email address to ship parcels. We may amend this policy."


def a_document(**parts: Any) -> dict[str, Any]:
    """Give a shop's policy as plain data, with some of its sections replaced."""
    document: dict[str, Any] = {
        "purposegate": 1,
        "policy": {
            "id": "shop",
            "title": "Privacy policy",
            "controller": "shop",
            "revision": "1",
            "contact": "the shop",
            "prose": "shop.txt",
        },
        "categories": {"email_address": {}},
        "purposes": {"shipping": {}},
        "recipients": {"shop": {"role": "controller"}, "carrier": {"role": "third_party"}},
        "channels": {"post": {}},
        "conditions": {},
        "uses": [a_use_clause()],
        "provisions": [a_provision()],
        "exceptions": [],
        "objections": {},
        "never": [],
    }
    header = document["policy"] | parts.pop("policy", {})
    return document | parts | {"policy": header}


def a_use_clause(**parts: Any) -> dict[str, Any]:
    clause = {"clause": "1", "quote": "ship parcels", "data": ["email_address"], "purposes": ["shipping"], "conditions": []}
    return clause | parts


def a_provision(**parts: Any) -> dict[str, Any]:
    return a_use_clause(clause="2", recipients=["carrier"], channels="any") | parts


def an_objection(**parts: Any) -> dict[str, Any]:
    return {"clause": "6", "quote": "amend", "data": "any", "purposes": "any", "recipients": "any", "exempt": []} | parts


def as_yaml(document: dict[str, Any]) -> bytes:
    """Write a policy as JSON, which is YAML too."""
    return json.dumps(document).encode()


def a_policy(document: dict[str, Any] | None = None, **parts: Any) -> Policy:
    reading = read(as_yaml(document or a_document(**parts)), "shop.yaml")
    assert reading.policy is not None, "\n".join(map(str, reading.findings))
    return reading.policy


def an_engine(**parts: Any) -> Engine:
    return Engine(a_policy(**parts))


def a_gate(**parts: Any) -> Gate:
    return Gate(a_policy(**parts), clock=lambda: NOW)


def a_ledger(recipients: Iterable[str] = ()) -> MemoryLedger:
    return MemoryLedger(recipients, clock=lambda: NOW)


class AskedLedger(MemoryLedger):
    """A ledger that keeps what it was asked."""

    def __init__(self, *instances: str) -> None:
        super().__init__(instances, clock=lambda: NOW)
        self.asked: list[Use] = []

    def consult(self, use: Use, as_of: AsOf = None) -> Records:
        self.asked.append(use)
        return super().consult(use, as_of)


def a_context(
    shown: Iterable[str] = (), objections: Iterable[str] = (), *, consulted: bool = False, registered: bool = False
) -> Context:
    standing = Standing.CONSULTED if consulted else Standing.NOT_CONSULTED
    return Context(NOW, frozenset(shown), frozenset(objections), standing, registered)


def a_folder(folder: Path, document: dict[str, Any] | None = None, *, prose: str = PROSE, **parts: Any) -> Path:
    """Write a policy and its prose into a folder; give the policy's path."""
    path = folder / "shop.yaml"
    path.write_bytes(as_yaml(document or a_document(**parts)))
    (folder / "shop.txt").write_text(prose)
    return path


def complained(text: str, complaint: str, help_: str | None = None) -> tuple[str, str]:
    """Take a text with ^ at a place; give the text without it, and the finding there as it is printed."""
    before, after = text.split("^")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    lines = [
        f"shop.yaml:{line}:{column}: {complaint}",
        f"  {line} | {(before + after).splitlines()[line - 1]}",
        f"  {' ' * len(str(line))} | {' ' * (column - 1)}^",
    ]
    return before + after, "\n".join([*lines, f"  help: {help_}"] if help_ else lines)
