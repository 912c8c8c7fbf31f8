"""A policy that has been read and found in order: what everything above this floor works from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from purposegate.findings import Location
from purposegate.policy.hierarchy import Hierarchy
from purposegate.policy.rules import Rules
from purposegate.policy.terms import Names, Role, ShownBy

# Where the entries of a section that holds no rules stand in the file, by name or in order: packed positions.
Places = Mapping[str, Mapping[str, int] | Sequence[int]]
RULES: Final = frozenset({"uses", "provisions", "exceptions"})


class Objection(NamedTuple):
    """A declared objection: at most what a person may take out, and the clauses that grant all the same."""

    clause: str
    quote: str
    data: Names
    purposes: Names
    recipients: Names
    exempt: frozenset[str]


class Never(NamedTuple):
    """What no rule may ever permit, unless one of some conditions is shown."""

    data: Names
    purposes: Names
    recipients: Names
    unless: tuple[str, ...]


class Amendments(NamedTuple):
    """How the policy may change: how long a person may dissent after the notice, and whether silence accepts.

    `time_zone` is the IANA name of the zone in which the policy's days begin.
    """

    window: timedelta
    silence_accepts: bool
    time_zone: str


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """One revision of a policy, with its names resolved. It needs neither the file nor the models that the file was read by.

    `prose` is the file with the published text, `digest` the SHA-256 of the policy's own file as hexadecimal text, `path` where it
    stood. `roles` gives each declared recipient the role at the root of its tree, `conditions` each condition who can establish
    it. `in_force_from` is the instant at which the effective day begins in the policy's time zone, or None where the policy
    states no day. `amendments` are the terms on which it may change, if it states any.
    """

    id: str
    title: str
    controller: str
    revision: str
    contact: str
    prose: str
    digest: str
    path: str
    categories: Hierarchy = field(repr=False)
    purposes: Hierarchy = field(repr=False)
    recipients: Hierarchy = field(repr=False)
    roles: Mapping[str, Role] = field(repr=False)
    channels: tuple[str, ...] = field(repr=False)
    conditions: Mapping[str, ShownBy] = field(repr=False)
    rules: Rules = field(repr=False)
    objections: Mapping[str, Objection] = field(repr=False)
    never: tuple[Never, ...] = field(repr=False)
    in_force_from: datetime | None = None
    amendments: Amendments | None = None
    places: Places = field(default_factory=dict, repr=False)

    def role(self, recipient: str) -> Role:
        """Give the role at the root of the tree in which a declared recipient stands."""
        return self.roles[recipient]

    def place(self, section: str, key: str | int) -> Location | None:
        """Tell where an entry stands in the file: one of a named section by its name, one of a list by its index."""
        if section in RULES:
            at = self._place_of_rule(section, key) if isinstance(key, int) else None
        else:
            places = self.places.get(section, ())
            if isinstance(places, Mapping):
                at = places.get(key) if isinstance(key, str) else None
            else:
                at = places[key] if isinstance(key, int) and key < len(places) else None
        return None if at is None else Location.unpacked(self.path, at)

    def _place_of_rule(self, section: str, index: int) -> int | None:
        rules = self.rules
        first = {"uses": 0, "provisions": rules.uses, "exceptions": rules.uses + rules.provisions}[section]
        count = {"uses": rules.uses, "provisions": rules.provisions, "exceptions": rules.exceptions}[section]
        return rules.places[first + index] if 0 <= index < min(count, len(rules.places) - first) else None


def roles(recipients: Hierarchy, at_roots: Mapping[str, Role]) -> dict[str, Role]:
    """Give each recipient the role at the root of its tree; raise `KeyError` for a root without one."""
    found: dict[str, Role] = {}
    for name in recipients:
        way = [name]
        while way[-1] not in found and (parents := recipients.parents(way[-1])):
            way.append(parents[0])
        role = found.get(way[-1]) or at_roots[way[-1]]
        found.update(dict.fromkeys(way, role))
    return found
