"""A Python file as it is being typed: what is said of the policy's names in it, and which may be typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from purposegate.tools.editing.answers import Known, Said, Suggestion, about, ranked
from purposegate.tools.editing.calls import Argument, argument, constant
from purposegate.tools.editing.positions import Page, Span, Spot
from purposegate.tools.scanning.sighting import Mention, Part, Place, Sight

_SECTIONS: Final = {
    Part.DATA_CATEGORY: "categories",
    Part.PURPOSE: "purposes",
    Part.RECIPIENT: "recipients",
    Part.CHANNEL: "channels",
}


def named(page: Page, spot: Spot, sight: Sight | None) -> Argument | None:
    """Tell which name of the policy stands at a spot; `sight` is what a scan of this very text saw, if there was one.

    The scan knows what a constant, a variable or an enumeration's member comes to, and the text alone only literals.
    """
    for mention in _mentions(sight, page.path):
        span = _span(mention.place)
        if span.holds(spot):
            return Argument(_SECTIONS[mention.part], mention.name, span, {})
    return argument(page, spot) or constant(page, spot)


def explained(page: Page, spot: Spot, known: Known, sight: Sight | None, now: datetime) -> Said | None:
    """Tell of the name at a spot what the clauses say of it, and what the judge permits with it."""
    name = named(page, spot, sight)
    text = about(known, name.section, name.name, now) if name is not None else None
    return None if name is None or text is None else Said(text, name.span)


def suggested(page: Page, spot: Spot, known: Known, now: datetime) -> tuple[Suggestion, ...]:
    """Give the names that may be typed at a spot inside of a text, first those with which the call would be permitted."""
    place = argument(page, spot)
    return tuple(ranked(known, place.section, place.others, now)) if place is not None else ()


def _mentions(sight: Sight | None, path: str) -> Iterator[Mention]:
    if sight is None:
        return
    for use in sight.uses:
        yield from (mention for mention in use.mentions if mention.place.path == path)
    for field in sight.fields:
        yield from (mention for mention in field.labels if mention.place.path == path)


def _span(place: Place) -> Span:
    return Span(Spot(place.line - 1, place.column - 1), Spot(place.end_line - 1, place.end_column - 1))
