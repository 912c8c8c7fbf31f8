"""`purposegate trail replay`: which past decisions another policy would have decided otherwise."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from purposegate.cli import render
from purposegate.cli.exits import DENIED, OK, FailOn
from purposegate.cli.following import (
    AskedOption,
    CategoryOption,
    ModeOption,
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
from purposegate.cli.keeping import instant, policies_of, unreadable

if TYPE_CHECKING:
    from purposegate.engine.judge import Engine
    from purposegate.tools.replaying import Replay, Witness


_COLUMNS = {
    "change": "change",
    "use": "use",
    "was": "was",
    "now": "now",
    "decisions": "decisions",
    "first": "first (UTC)",
    "last": "last (UTC)",
}


def replay(
    policy: Annotated[str, typer.Option("--policy", "-p", metavar="NEW", help="The policy to decide by.")],
    trail: TrailOption = None,
    recorded_under: Annotated[
        str | None, typer.Option("--recorded-under", metavar="FILE", help="The policy that decided then, or its folder.")
    ] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="When it is taken to decide; by default in force.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    data: CategoryOption = None,
    purpose: PurposeOption = None,
    recipient: RecipientOption = None,
    reason: ReasonOption = None,
    asked: AskedOption = None,
    mode: ModeOption = None,
    fail_on: Annotated[FailOn | None, typer.Option("--fail-on", help="Exit with 1 where decisions changed so.")] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Decide past decisions again by another policy, and tell which come out otherwise."""
    from purposegate.cli.judging import engine_of  # noqa: PLC0415 - a command imports only its own tool
    from purposegate.engine.judge import Engine  # noqa: PLC0415 - as above
    from purposegate.tools.replaying import replay as replayed  # noqa: PLC0415 - as above
    from purposegate.tools.trails import reading as read  # noqa: PLC0415 - as above

    engine = engine_of(policy)
    with unreadable():
        known = () if recorded_under is None else policies_of(recorded_under)
        under = {each.digest: Engine(each) for each in known}
    asked_for = wanted(
        since=since,
        until=until,
        data_category=data,
        purpose=purpose,
        recipient=recipient,
        reason=reason,
        asked=asked,
        mode=mode,
    )
    with refusals(), read(named(trail), asked_for) as reading, progress("replaying", reading, output):
        result = replayed(reading, engine, _in_force(engine, at), under=under)
    if output is Format.JSON:
        render.as_json(_as_dict(result, engine))
    else:
        _print(result, engine)
        told_of_unreadable(result.unreadable)
    raise typer.Exit(DENIED if _fails(result, fail_on) else OK)


def _in_force(engine: Engine, at: str | None) -> datetime:
    if at is not None:
        return instant(at, "--at")
    now, begins = datetime.now(UTC), engine.policy.in_force_from
    return now if begins is None or begins <= now else begins


def _fails(result: Replay, fail_on: FailOn | None) -> bool:
    if fail_on is None:
        return False
    return bool(result.witnesses) if fail_on is FailOn.ANY else any(each.case.change == fail_on.value for each in result.witnesses)


def _print(result: Replay, engine: Engine) -> None:
    from purposegate.tools.replaying import Change  # noqa: PLC0415 - a command imports only its own tool

    changes = result.changes
    print(f"{render.counted(result.decisions, 'decision')} again, by revision {engine.policy.revision} of `{engine.policy.id}`:")
    print(f"{changes[Change.WIDENED]} permitted that were denied, {changes[Change.NARROWED]} denied that were permitted,")
    print(f"{changes[Change.OTHERWISE]} the same for another reason or by other clauses, {changes[Change.SAME]} the same")
    if result.witnesses:
        render.table([_row(each) for each in result.witnesses], _COLUMNS, "")
    for each in result.witnesses:
        case = each.case
        if case.unasked:
            lacking = ", ".join(f"`{name}`" for name in case.unasked)
            use = f"`{case.data_category}` for `{case.purpose}` by `{case.recipient}`"
            print(render.line(f"note: {lacking} could not have been shown for {use}: nobody asked for it then"))


def _row(witness: Witness) -> dict[str, object]:
    case = witness.case
    return {
        "change": case.change.value,
        "use": (case.data_category, case.purpose, case.recipient),
        "was": (case.was.value, *case.was_by),
        "now": (case.now.value, *case.now_by),
        "decisions": witness.decisions,
        "first": witness.first,
        "last": witness.last,
    }


def _as_dict(result: Replay, engine: Engine) -> dict[str, Any]:
    policy = engine.policy
    return {
        "policy": {"id": policy.id, "revision": policy.revision, "digest": policy.digest},
        "decisions": result.decisions,
        **{change.value: count for change, count in result.changes.items()},
        "unreadable": result.unreadable,
        "witnesses": [
            {
                "change": each.case.change.value,
                "data_category": each.case.data_category,
                "purpose": each.case.purpose,
                "recipient": each.case.recipient,
                "was": {"reason": each.case.was.value, "clauses": list(each.case.was_by)},
                "now": {"reason": each.case.now.value, "clauses": list(each.case.now_by)},
                "unmet": list(each.case.unmet),
                "unasked": list(each.case.unasked),
                "decisions": each.decisions,
                "first": each.first.isoformat(timespec="microseconds"),
                "last": each.last.isoformat(timespec="microseconds"),
                "record": each.record,
            }
            for each in result.witnesses
        ],
    }
