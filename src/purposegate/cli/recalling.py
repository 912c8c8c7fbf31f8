"""`purposegate trail query`, `stats` and `show`: what was decided, how often, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from purposegate.cli import render
from purposegate.cli.exits import DENIED
from purposegate.cli.following import (
    AskedOption,
    CategoryOption,
    ClauseOption,
    ModeOption,
    PersonOption,
    PurposeOption,
    ReasonOption,
    RecipientOption,
    SinceOption,
    TrailOption,
    UntilOption,
    named,
    progress,
    refusals,
    told_of_unreadable,
    wanted,
)
from purposegate.cli.formats import Format, FormatOption
from purposegate.cli.keeping import LedgerOption, SubjectKeyOption, opened, policies_of, say, unreadable
from purposegate.engine.decision import Citation
from purposegate.trail.record import Record

if TYPE_CHECKING:
    from purposegate.tools.retelling import Retold

_COLUMNS = {"at": "when (UTC)", "use": "use", "verdict": "verdict", "asked": "asked", "subject": "person", "id": "record"}


# What is no ground of the verdict, and of the ledger all the same.
_RESTED = {"recipient": "the ledger knew", "release": "the ledger recorded"}


def query(
    trail: TrailOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    id_: Annotated[str | None, typer.Option("--id", metavar="ID", help="Only this record.")] = None,
    data: CategoryOption = None,
    purpose: PurposeOption = None,
    recipient: RecipientOption = None,
    reason: ReasonOption = None,
    clause: ClauseOption = None,
    subject: PersonOption = None,
    asked: AskedOption = None,
    mode: ModeOption = None,
    limit: Annotated[int, typer.Option("--limit", metavar="NUMBER", min=1, help="At most so many records, the first ones.")] = 1000,
    output: FormatOption = Format.TEXT,
) -> None:
    """List decisions in the order of time."""
    from purposegate.tools.trails import reading as read  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.trail.lines import fields  # noqa: PLC0415 - as above

    asked_for = wanted(
        since=since,
        until=until,
        id_=id_,
        data_category=data,
        purpose=purpose,
        recipient=recipient,
        reason=reason,
        clause=clause,
        subject=subject,
        asked=asked,
        mode=mode,
    )
    with refusals(), read(named(trail), asked_for) as reading, progress("reading", reading, output):
        found = list(islice(reading.records(), limit + 1))
    if output is Format.JSON:
        render.as_json([fields(record) for record in found[:limit]])
    else:
        render.table([_row(record) for record in found[:limit]], _COLUMNS, "no decisions")
    if len(found) > limit:
        say(f"there are more than {limit} records: the first {limit} are shown", "ask for fewer, or raise --limit")
    told_of_unreadable(reading.unreadable)


def stats(
    trail: TrailOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    data: CategoryOption = None,
    purpose: PurposeOption = None,
    recipient: RecipientOption = None,
    reason: ReasonOption = None,
    clause: ClauseOption = None,
    subject: PersonOption = None,
    asked: AskedOption = None,
    mode: ModeOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Count decisions by reason, purpose, recipient, clause and day."""
    from purposegate.tools.tallying import tally  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.tools.trails import reading as read  # noqa: PLC0415 - as above

    asked_for = wanted(
        since=since,
        until=until,
        data_category=data,
        purpose=purpose,
        recipient=recipient,
        reason=reason,
        clause=clause,
        subject=subject,
        asked=asked,
        mode=mode,
    )
    with refusals(), read(named(trail), asked_for) as reading, progress("counting", reading, output):
        counted = tally(reading)
    parts = {
        "reasons": counted.reasons,
        "purposes": counted.purposes,
        "recipients": counted.recipients,
        "denied_by": counted.denied_by,
        "days": counted.days,
    }
    totals = {"decisions": counted.decisions, "permitted": counted.permitted, "denied": counted.decisions - counted.permitted}
    if output is Format.JSON:
        render.as_json(totals | {name: dict(counts) for name, counts in parts.items()} | {"unreadable": counted.unreadable})
        return
    print(f"{render.counted(counted.decisions, 'decision')}: {totals['permitted']} permitted, {totals['denied']} denied")
    titles = ("by reason", "by purpose", "by recipient", "denials by clause", "by day (UTC)")
    for title, counts in zip(titles, parts.values(), strict=True):
        if counts:
            _counts(title, counts)
    told_of_unreadable(counted.unreadable)


def show(
    id_: Annotated[str, typer.Argument(metavar="ID", help="The id of the record.")],
    policy: Annotated[
        str | None,
        typer.Option("--policy", "-p", metavar="FILE", envvar="PURPOSEGATE_POLICY", help="The policy that decided, or its folder."),
    ] = None,
    trail: TrailOption = None,
    ledger: LedgerOption = None,
    subject_key: SubjectKeyOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Tell of one decision: what was asked, what came of it by which words of the policy, and what it rested on."""
    from purposegate.tools.retelling import retold  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.tools.trails import reading as read  # noqa: PLC0415 - as above

    with refusals(), read(named(trail), wanted(id_=id_)) as reading, progress("searching", reading, output):
        record = next(reading.records(), None)
    if record is None:
        say(f"the trail holds no record `{id_}`")
        told_of_unreadable(reading.unreadable)
        raise typer.Exit(DENIED)
    with unreadable():
        policies = () if policy is None else policies_of(policy)
        with nullcontext() if ledger is None else opened(ledger, subject_key) as kept:
            told = retold(record, policies, kept)
    if output is Format.JSON:
        render.as_json(_as_dict(told))
    else:
        for line in _story(told):
            print(render.line(line) if not line.startswith("  ") else f"  {render.line(line)}")


def _row(record: Record) -> dict[str, object]:
    decision = record.decision
    asked = (record.asked.value, record.mode.value)
    return {
        "at": record.at,
        "use": (decision.data_category, decision.purpose, decision.recipient),
        "verdict": (decision.reason.value, *decision.clauses),
        "asked": asked if record.count == 1 else (*asked, f"{record.count} times"),
        "subject": record.subject,
        "id": record.id,
    }


def _counts(title: str, counts: Mapping[str, int]) -> None:
    print()
    render.table([{"name": name, "count": count} for name, count in counts.items()], {"name": title, "count": "decisions"}, "")


def _as_dict(told: Retold) -> dict[str, Any]:
    from purposegate.trail.lines import fields  # noqa: PLC0415 - a command imports only its own tool

    return {
        "record": fields(told.record),
        "decision": render.decision_as_dict(told.decision),
        "unquoted": told.unquoted,
        "grounds": [ground.as_dict() for ground in told.grounds],
        "untold": told.untold,
    }


def _story(told: Retold) -> Iterator[str]:
    from purposegate.gate.violation import headline, hints  # noqa: PLC0415 - a command imports only its own tool

    record, decision = told.record, told.decision
    yield headline(decision)
    yield from dict.fromkeys(map(_cited, decision.citations))
    if told.unquoted is not None:
        yield f"note: {told.unquoted}"
    for hint in hints(decision):
        yield f"help: {hint}"
    yield f"decided: {_time(record.at)} by revision {decision.policy.revision} of `{decision.policy.id}`"
    yield f"asked: {record.asked.value} ({record.mode.value})"
    for title, value in _circumstances(record):
        yield f"{title}: {value}"
    for condition, by in record.shown:
        yield f"shown: `{condition}` by {'a function of the service' if by == 'fact' else f'the ledger, by {by}'}"
    if record.hit:
        yield f"objections in force: {', '.join(f'`{name}`' for name in record.hit)}"
    yield from _resting(told)


def _resting(told: Retold) -> Iterator[str]:
    if told.untold is not None:
        yield f"note: {told.untold}"
    for ground in told.grounds:
        if ground.row:
            yield f"{_RESTED.get(ground.kind, 'it rested on')} this {ground.kind}, `{ground.name}`:"
            for name, value in ground.row.items():
                if value not in (None, "", ()):
                    yield f"  {name.replace('_', ' ')}: {_value(value)}"


def _cited(citation: Citation) -> str:
    return f"clause {citation.clause}: “{citation.quote}”" if citation.quote else f"clause {citation.clause}"


def _circumstances(record: Record) -> Iterator[tuple[str, object]]:
    if record.count != 1 and record.since is not None:
        yield "stands for", f"{record.count} decisions since {_time(record.since)}"
    for title, value in (
        ("record", record.id),
        ("person", record.subject),
        ("channel", record.channel),
        ("claim", record.claim),
        ("ledger read up to", record.position),
        ("release", record.release),
        ("justification", record.justification),
        ("trace", record.trace_id),
    ):
        if value is not None:
            yield title, value


def _value(value: object) -> str:
    if isinstance(value, datetime):
        return _time(value)
    if isinstance(value, tuple | frozenset):
        return ", ".join(sorted(map(str, value)))
    return str(value)


def _time(at: datetime) -> str:
    from datetime import UTC  # noqa: PLC0415 - one use

    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
