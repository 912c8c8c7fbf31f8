"""What two policies differ in for those who read them, whatever they permit: the prose, the quotes, the header."""

from __future__ import annotations

from collections.abc import Iterator

from purposegate.policy.policy import Policy
from purposegate.tools.versions import Version

ONLY_IN_THE_FILE = "what only readers of the file see: its order, readings, notes or comments"


def changed_texts(before: Version, after: Version) -> Iterator[str]:
    """Yield the parts that differ; the last of them only where two files differ in nothing else that is known of here."""
    if before.policy.digest == after.policy.digest and before.prose_digest == after.prose_digest:
        return
    found = [*_parts(before, after)]
    yield from found or [ONLY_IN_THE_FILE]


def _parts(before: Version, after: Version) -> Iterator[str]:
    old, new = before.policy, after.policy
    for part, differs in (
        ("the name of the policy", old.id != new.id),
        ("the title", old.title != new.title),
        ("the revision", old.revision != new.revision),
        ("the effective day", old.in_force_from != new.in_force_from),
        ("the controller", old.controller != new.controller),
        ("the contact", old.contact != new.contact),
        ("the terms of amendment", old.amendments != new.amendments),
        ("the clauses or quotes of rules", _cited(old) != _cited(new)),
        ("the clauses or quotes of objections", _objected(old) != _objected(new)),
        ("what may never happen", old.never != new.never),
    ):
        if differs:
            yield part
    if None in (before.prose_digest, after.prose_digest):
        if old.digest != new.digest:
            yield "perhaps the published prose, which a compiled policy comes without"
    elif before.prose_digest != after.prose_digest:
        yield "the published prose"


def _cited(policy: Policy) -> set[tuple[str, str]]:
    rules = policy.rules
    return {(rules.texts[clause], rules.texts[quote]) for clause, quote in zip(rules.clauses, rules.quotes, strict=True)}


def _objected(policy: Policy) -> set[tuple[str, str]]:
    return {(objection.clause, objection.quote) for objection in policy.objections.values()}
