"""The names that code declares (in guards, ambient purposes, labels), held against the policy before anything is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import FrameType

from purposegate.engine.judge import Engine
from purposegate.errors import DeclarationError
from purposegate.findings import Finding, Location, Severity, did_you_mean
from purposegate.gate.taking import as_id
from purposegate.policy.terms import presentable


def wrong_names(
    engine: Engine,
    data_categories: Iterable[object] = (),
    *,
    purpose: object = None,
    recipient: object = None,
    channel: object = None,
    location: Location | None = None,
) -> Iterator[Finding]:
    """Yield a finding for each name that the policy does not know; None stands for a name that is not declared here."""
    policy = engine.policy
    for data_category in data_categories:
        if data_category not in policy.categories:
            yield unknown("category", "data category", data_category, policy.categories, location)
    if purpose is not None and purpose not in policy.purposes:
        yield unknown("purpose", "purpose", purpose, policy.purposes, location)
    if recipient is not None and engine.class_of(recipient) is None:
        yield unknown("recipient", "recipient", recipient, policy.recipients, location)
    if channel is not None and channel not in policy.channels:
        yield unknown("channel", "channel", channel, policy.channels, location)


def no_ids(ids: Mapping[str, object], location: Location | None = None) -> Iterator[Finding]:
    """Yield a finding for each part (`subject`, `claim`) that is given and is no id."""
    for part, value in ids.items():
        if value is not None and as_id(value) is None:
            yield Finding("no-id", Severity.ERROR, f"the {part} is no id: text, a whole number or a UUID", location)


def unknown(slug: str, what: str, name: object, known: Iterable[str], location: Location | None = None) -> Finding:
    """Word a name that is not known."""
    shown = presentable(name)
    help_ = did_you_mean(shown, known)
    return Finding(f"unknown-{slug}", Severity.ERROR, f"the policy knows no {what} `{shown}`", location, help=help_)


def wrong(slug: str, message: str, location: Location | None = None, *, help_: str | None = None) -> DeclarationError:
    """Make the error of one finding."""
    return DeclarationError([Finding(slug, Severity.ERROR, message, location, help=help_)])


def line_of(frame: FrameType) -> Location:
    """Give the place that a frame has come to."""
    positions = list(frame.f_code.co_positions())
    line, _, column, _ = positions[frame.f_lasti // 2]
    return Location(frame.f_code.co_filename, line or frame.f_lineno, (column or 0) + 1)
