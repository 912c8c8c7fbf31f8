"""The JSON Schema of a record's line, version 1; `docs/trail.md` says in prose what the fields mean."""

from __future__ import annotations

from typing import Any, Final

from purposegate.engine.decision import Reason
from purposegate.engine.use import Standing
from purposegate.policy.terms import CLAIM_ID, Role, ShownBy
from purposegate.trail.record import TRACE_ID, Asked, Mode

_NANOSECONDS: Final = {"type": "integer", "minimum": 0}
_NAME: Final = {"type": "string", "minLength": 1}
_NAMES: Final = {"type": "array", "items": _NAME, "minItems": 1, "uniqueItems": True}


def _pattern(text: str) -> str:
    return f"^{text.removesuffix(chr(92) + 'Z')}$"


_FIELDS: Final[dict[str, Any]] = {
    "id": {"type": "string", "pattern": "^[0-9a-f]{16}-[1-9][0-9]*$", "description": "What no other record is called."},
    "at": _NANOSECONDS | {"description": "When it was decided, in nanoseconds since 1970, UTC."},
    "asked": {"enum": [each.value for each in Asked], "description": "Whether a use was to happen, or only whether it may."},
    "mode": {"enum": [each.value for each in Mode], "description": "Whether a denial blocked the use."},
    "data_category": _NAME | {"description": "Which data."},
    "purpose": _NAME | {"description": "What for."},
    "recipient": _NAME | {"description": "By whom: a class, or an instance as `class/id`."},
    "role": {"enum": [each.value for each in Role], "description": "What the recipient is to the person."},
    "reason": {"enum": [each.value for each in Reason], "description": "Why it was decided so: `permitted`, or what stopped it."},
    "clauses": {
        "type": "array",
        "items": _NAME,
        "uniqueItems": True,
        "description": "The clauses that decided, in their order.",
    },
    "policy": {
        "type": "object",
        "properties": {
            "id": _NAME,
            "revision": _NAME,
            "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "The SHA-256 of the policy's file."},
        },
        "required": ["id", "revision", "digest"],
        "additionalProperties": False,
        "description": "Which policy decided.",
    },
    "standing": {"enum": [each.value for each in Standing], "description": "Whether a ledger was asked how the person stands."},
    "unmet": _NAMES | {"description": "The conditions that were not shown, where that is the reason."},
    "objections": _NAMES | {"description": "The objections that defeated the use."},
    "unaccepted": _NAME | {"description": "The revision in force, which permits it and the person has not accepted."},
    "channel": _NAME | {"description": "The way the data go out."},
    "claim": {"type": "string", "pattern": _pattern(CLAIM_ID.pattern), "description": "The approved case that the use named."},
    "shown": {
        "type": "object",
        "properties": {each.value: _NAMES for each in ShownBy},
        "additionalProperties": False,
        "minProperties": 1,
        "description": "The conditions that were shown, by what shows them.",
    },
    "hit": _NAMES | {"description": "The objections in force that hit the use."},
    "registered": {"const": True, "description": "The ledger knew the recipient's instance."},
    "position": {"type": "integer", "minimum": 0, "description": "The place in the ledger's order up to which it was read."},
    "provision": {"const": True, "description": "The data went to a third party or a joint user."},
    "release": _NAME | {"description": "The id of the ledger's record of the release."},
    "justification": {"type": "string", "minLength": 1, "description": "Why something was declassified."},
    "trace_id": {"type": "string", "pattern": _pattern(TRACE_ID.pattern), "description": "The trace, by W3C Trace Context."},
    "count": {"type": "integer", "minimum": 2, "description": "How many decisions that are alike it stands for."},
    "since": _NANOSECONDS | {"description": "When the first of these was made; `at` is the last."},
    "subject": {"type": "string", "minLength": 1, "description": "The id of the person."},
}
REQUIRED: Final = ("id", "at", "asked", "mode", "data_category", "purpose", "recipient", "reason", "clauses", "policy", "standing")
SCHEMA: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A record of a trail of purposegate, version 1",
    "type": "object",
    "properties": _FIELDS,
    "required": list(REQUIRED),
    "additionalProperties": False,
}
