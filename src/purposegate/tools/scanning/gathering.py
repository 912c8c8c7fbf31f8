"""Puts together what the walks noted: each use with its names, each read with all ways to it, and what could not be followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

from purposegate.findings import Finding, Location, Severity, excerpt, listed
from purposegate.tools.scanning.frames import RawUse
from purposegate.tools.scanning.gates import name_of
from purposegate.tools.scanning.modules import Class, Module
from purposegate.tools.scanning.reader import Context, Reader
from purposegate.tools.scanning.sighting import Judge, Mention, Part, Place, SeenCover, SeenFact, SeenRead, SeenUse, SeenWay
from purposegate.tools.scanning.values import UNKNOWN, Stem, Text, Value

_PARTS: Final = (Part.DATA_CATEGORY, Part.PURPOSE, Part.RECIPIENT, Part.CHANNEL)
# So many combinations of names may stand in one call.
_MOST: Final = 64


class Gathered:
    """What the walks noted, put together."""

    def __init__(self, modules: Mapping[str, Module]) -> None:
        self._modules = modules
        self.uses: list[SeenUse] = []
        self.facts: list[SeenFact] = []
        self.unknown: dict[tuple[Place, str], str] = {}
        self.touched: set[tuple[str, str]] = set()
        self.gates: dict[Judge, Place] = {}
        self._reads: dict[tuple[Place, str, tuple[Mention, ...]], tuple[str, dict[SeenWay, None]]] = {}
        self._doubts: dict[tuple[str, Place, str], str | None] = {}
        self._executions: dict[Place, None] = {}

    def take(self, context: Context, caller: Place | None) -> None:
        """Take what one walk noted; `caller` is the call that it stands for."""
        notes = context.notes
        for raw in notes.uses:
            self._use(raw, notes.function)
        for key, ways in notes.reads.items():
            _, seen = self._reads.setdefault((key.place, key.what, key.labels), (notes.function, {}))
            for way in ways:
                covers = tuple(
                    sorted((SeenCover(c.judge, c.data_category, c.purpose, c.recipient, c.place, c.how) for c in way), key=str)
                )
                seen[SeenWay(covers, caller)] = None
        for place_and_name in notes.unknown:
            self.unknown.setdefault(place_and_name, notes.function)
        self.facts += [SeenFact(fact.name, fact.place, fact.judge) for fact in notes.facts]
        self.touched |= notes.touched
        for judge, place in notes.gates.items():
            self.gates.setdefault(judge, place)
        self._doubts.update({("cannot-verify", place, message): None for place, message in notes.doubts})
        self._executions.update(notes.executions)

    def seen_reads(self) -> Iterator[SeenRead]:
        """Yield each read, with all ways to it."""
        for (place, what, labels), (function, ways) in self._reads.items():
            yield SeenRead(place, function, what, labels, tuple(ways))

    def doubts(self, reader: Reader, classes: list[Class]) -> list[Finding]:
        """Give what could not be followed, and the names that could not be read."""
        matter = {use.place.path for use in self.uses} | {key[0].path for key in self._reads}
        matter |= {place.path for place in self.gates.values()}
        matter |= {owner.module.path for owner in classes if reader.classes.labelled(owner)}
        found = [self._finding(slug, place, message, help_) for (slug, place, message), help_ in self._doubts.items()]
        run = "what the text does that is run here cannot be told"
        found += [self._finding("cannot-verify", place, run, None) for place in self._executions if place.path in matter]
        no_literal = "the label is no literal, so that the data category cannot be told"
        found += [
            self._finding("cannot-verify", owner.module.place(node), no_literal, None)
            for owner in classes
            for node in reader.classes.unread.get(owner, ())
        ]
        return list(dict.fromkeys(found))

    def _finding(self, slug: str, place: Place, message: str, help_: str | None) -> Finding:
        location = Location(place.path, place.line, place.column)
        lines = self._modules[place.path].lines
        shown = excerpt(lines[place.line - 1], location) if place.line <= len(lines) else None
        return Finding(slug, Severity.WARNING, message, location, shown, help_)

    def _use(self, raw: RawUse, function: str) -> None:
        """Make a use of each combination of names; tell of those that cannot be read."""
        places = dict(raw.places)
        choices: list[list[Mention | None]] = []
        unread = False
        for part, value in zip(_PARTS, (raw.data_category, raw.purpose, raw.recipient, raw.channel), strict=True):
            mentions = [] if value is None else self._mentions(part, value, places.get(part.value, raw.place))
            if value is not None and (len(mentions) < len(value) or UNKNOWN in value):
                self._unreadable(raw, part, mentions)
            unread = unread or (value is not None and not mentions)
            choices.append(list(mentions) or [None])
        for names in list(product(*choices))[:_MOST]:
            self._seen(raw, function, names, unread=unread)

    def _seen(self, raw: RawUse, function: str, names: tuple[Mention | None, ...], *, unread: bool) -> None:
        named = {mention.part: mention.name for mention in names if mention is not None}
        self.uses.append(
            SeenUse(
                raw.how,
                raw.place,
                function,
                raw.judge,
                named.get(Part.DATA_CATEGORY),
                named.get(Part.PURPOSE),
                named.get(Part.RECIPIENT),
                named.get(Part.CHANNEL),
                raw.has_subject,
                tuple(mention for mention in names if mention is not None),
                raw.asks,
                raw.drops,
                raw.expected,
                raw.receiver_known,
                unread,
                raw.bound,
            )
        )

    def _mentions(self, part: Part, value: Value, place: Place) -> list[Mention]:
        found: dict[str, Mention] = {}
        for atom in sorted((each for each in value if isinstance(each, (Text, Stem))), key=str):
            name = name_of(atom)
            if name is not None:
                handed, origin = (atom.handed, atom.origin) if isinstance(atom, Text) else (None, None)
                found.setdefault(f"{name}{handed}", Mention(part, name, handed or place, origin))
        return list(found.values())

    def _unreadable(self, raw: RawUse, part: Part, mentions: list[Mention]) -> None:
        what = {Part.DATA_CATEGORY: "data category"}.get(part, part.value)
        names = list(dict.fromkeys(mention.name for mention in mentions))
        help_ = (
            f"it may be {listed(names, 'or')}, and something else"
            if names
            else "write it as a literal, or as a constant of the policy's names"
        )
        self._doubts.setdefault(("unreadable-use", raw.place, f"which {what} is used here cannot be told"), help_)
