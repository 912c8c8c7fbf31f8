"""A Python file as it is being typed: what is said of the policy's names in it, and which may be typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from purposegate.tools.editing.answers import Known, Said, Suggestion, about, ranked
from purposegate.tools.editing.calls import Argument, argument, constant
from purposegate.tools.editing.positions import Page, Span, Spot
from purposegate.tools.scanning.sighting import Mention, Part, Place

_SECTIONS: Final = {
    Part.DATA_CATEGORY: "categories",
    Part.PURPOSE: "purposes",
    Part.RECIPIENT: "recipients",
    Part.CHANNEL: "channels",
}


def named(page: Page, spot: Spot, mentions: Iterable[Mention]) -> Argument | None:
    """Tell which name of the policy stands at a spot; `mentions` are those that a scan of this very text saw, if there was one.

    The scan knows what a constant, a variable or an enumeration's member comes to, and which data a field holds that is read; the
    text alone tells only literals.
    """
    seen = [Argument(_SECTIONS[each.part], each.name, span, {}) for each in mentions if (span := _span(each.place)).holds(spot)]
    if seen:
        # Of a call in a call, or a field of a field, the inner one is meant.
        return min(seen, key=lambda each: each.span.size)
    return argument(page, spot) or constant(page, spot)


def explained(page: Page, spot: Spot, known: Known, mentions: Iterable[Mention], now: datetime) -> Said | None:
    """Tell of the name at a spot what the clauses say of it, and what the judge permits with it."""
    name = named(page, spot, mentions)
    text = about(known, name.section, name.name, now) if name is not None else None
    return None if name is None or text is None else Said(text, name.span)


def suggested(page: Page, spot: Spot, known: Known, now: datetime) -> tuple[Suggestion, ...]:
    """Give the names that may be typed at a spot inside of a text, first those with which the call would be permitted."""
    place = argument(page, spot)
    return tuple(ranked(known, place.section, place.others, now)) if place is not None else ()


def _span(place: Place) -> Span:
    return Span(Spot(place.line - 1, place.column - 1), Spot(place.end_line - 1, place.end_column - 1))
