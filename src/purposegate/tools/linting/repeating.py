"""Rules about what is said twice in one list; striking it out changes no decision, so that `--fix` does it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from purposegate.findings import Severity
from purposegate.policy.document import Exclusion, Never, Objection, Provision, Section, UseClause
from purposegate.policy.hierarchy import Hierarchy
from purposegate.policy.terms import ANY
from purposegate.tools.linting.entries import granting
from purposegate.tools.linting.registry import Item, Remark, Subject, rule

# The keys that hold lists of names, by what holds them.
_LISTS: Final[dict[type[Section], tuple[str, ...]]] = {
    UseClause: ("data", "purposes", "conditions"),
    Provision: ("data", "purposes", "recipients", "channels", "conditions"),
    Exclusion: ("data", "purposes", "recipients"),
    Objection: ("data", "purposes", "recipients", "exempt"),
    Never: ("data", "purposes", "recipients", "unless"),
}
_SECTIONS: Final = {"data": "categories", "purposes": "purposes", "recipients": "recipients"}


@rule(Severity.WARNING, fixed=True)
def repeated_name(subject: Subject) -> Iterator[Remark]:
    """Flag a name that stands twice in one list.

    Why: the second was meant to be another name, or means nothing.

    Avoid:
        uses:
          - {clause: "1", quote: ship parcels, data: [email_address, email_address], purposes: [shipping], conditions: []}
    Prefer:
        uses:
          - {clause: "1", quote: ship parcels, data: [email_address], purposes: [shipping], conditions: []}
    """
    for path, entry in _entries(subject):
        for key in _LISTS[type(entry)]:
            names = getattr(entry, key)
            if names != ANY and len(set(names)) < len(names):
                seen: set[str] = set()
                for index, name in enumerate(names):
                    if name in seen:
                        # A denial counts what a rule lacks, and counts what is repeated twice.
                        strike = None if key == "conditions" else Item((*path, key, index))
                        place = subject.policy.place(path[0], path[1])
                        yield Remark(f"`{name}` stands twice under `{key}`", place, "strike it out", strike)
                    seen.add(name)


@rule(Severity.WARNING, fixed=True)
def covered_name(subject: Subject) -> Iterator[Remark]:
    """Flag a name in a list that lies under another one there.

    Why: the reader takes the list for closed, and the name above covers this one and more.

    Avoid:
        categories: {contact: {}, email_address: {parent: contact}}
        uses:
          - {clause: "1", quote: ship parcels, data: [contact, email_address], purposes: [shipping], conditions: []}
    Prefer:
        categories: {contact: {}, email_address: {parent: contact}}
        uses:
          - {clause: "1", quote: ship parcels, data: [contact], purposes: [shipping], conditions: []}
    """
    for path, entry in _entries(subject):
        for key in _LISTS[type(entry)]:
            names = getattr(entry, key)
            if key not in _SECTIONS or names == ANY or len(names) < 2:  # noqa: PLR2004 - one name lies under no other
                continue
            for index, above in _covered(names, getattr(subject.policy, _SECTIONS[key])):
                message = f"`{names[index]}` lies under `{above}`, which is listed too"
                place = subject.policy.place(path[0], path[1])
                yield Remark(message, place, "strike it out", Item((*path, key, index)))


@rule(Severity.WARNING, fixed=True)
def covered_parent(subject: Subject) -> Iterator[Remark]:
    """Flag a parent of a category that lies above another parent of it.

    Why: it says nothing that the nearer parent does not say.

    Avoid:
        categories: {data: {}, contact: {parent: data}, email_address: {parent: [data, contact]}}
    Prefer:
        categories: {data: {}, contact: {parent: data}, email_address: {parent: [contact]}}
    """
    categories = subject.policy.categories
    for name, entry in subject.document.categories.items():
        nearer: dict[str, str] = {}
        for each in entry.parent if len(entry.parent) > 1 else ():
            nearer.update(dict.fromkeys(categories.above(each) - {each}, each))
        for index, parent in enumerate(entry.parent):
            if parent in nearer:
                message = f"`{parent}` lies above `{nearer[parent]}`, under which `{name}` lies already"
                place = subject.policy.place("categories", name)
                yield Remark(message, place, "strike it out", Item(("categories", name, "parent", index)))


def _entries(subject: Subject) -> Iterator[tuple[tuple[str, str | int, *tuple[str, ...]], Section]]:
    """Yield everything that holds lists of names: its path, which begins with that of its entry, and itself."""
    document = subject.document
    for section, index, entry in granting(document):
        yield (section, index), entry
        if entry.exclusion.model_fields_set:
            yield (section, index, "except"), entry.exclusion
    for name, objection in document.objections.items():
        yield ("objections", name), objection
    for index, never in enumerate(document.never):
        yield ("never", index), never


def _covered(names: tuple[str, ...], hierarchy: Hierarchy) -> Iterator[tuple[int, str]]:
    numbers = [*map(hierarchy.number, names)]
    listed = frozenset(numbers)
    for index, number in enumerate(numbers):
        above = hierarchy.numbers_above(number)
        if len(above) > 1 and not listed.isdisjoint(above - {number}):
            yield index, hierarchy.name(min(listed & above - {number}))
