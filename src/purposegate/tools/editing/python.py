"""A Python file as it is being typed: what is said of the policy's names in it, and which may be typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Final

from purposegate.tools.editing.answers import Known, Said, Suggestion, about, ranked
from purposegate.tools.editing.calls import Argument, argument, constant
from purposegate.tools.editing.positions import Page, Span, Spot
from purposegate.tools.scanning.sighting import Part, Place, Sight

_SECTIONS: Final = {
    Part.DATA_CATEGORY: "categories",
    Part.PURPOSE: "purposes",
    Part.RECIPIENT: "recipients",
    Part.CHANNEL: "channels",
}


def named(page: Page, spot: Spot, sight: Sight | None) -> Argument | None:
    """Tell which name of the policy stands at a spot; `sight` is what a scan of this very text saw, if there was one.

    The scan knows what a constant, a variable or an enumeration's member comes to, and which data a field holds that is read; the
    text alone tells only literals.
    """
    seen = [each for each in _seen(sight, page.path) if each.span.holds(spot)]
    if seen:
        # Of a call in a call, or a field of a field, the inner one is meant.
        return min(seen, key=lambda each: each.span.size)
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


def _seen(sight: Sight | None, path: str) -> Iterator[Argument]:
    if sight is None:
        return
    mentions = (*(use.mentions for use in sight.uses), *(field.labels for field in sight.fields))
    for mention in chain.from_iterable(mentions):
        if mention.place.path == path:
            yield Argument(_SECTIONS[mention.part], mention.name, _span(mention.place), {})
    for read in sight.reads:
        if read.place.path == path and read.labels:
            yield Argument(_SECTIONS[read.labels[0].part], read.labels[0].name, _span(read.place), {})


def _span(place: Place) -> Span:
    return Span(Spot(place.line - 1, place.column - 1), Spot(place.end_line - 1, place.end_column - 1))
