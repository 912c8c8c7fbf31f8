"""Which fields look personal by what they and their types are called, and bear no label.

A field is called by its last words: an `email_template` is a template, and `email_verified` is no email address. What is a flag, a
count or an id is none; what many things are called, as `name`, is personal where the class is a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from purposegate.findings import Finding, Location, Severity
from purposegate.policy.policy import Policy
from purposegate.tools.scanning import terms
from purposegate.tools.scanning.sighting import SeenField

_LONGEST: Final = 5
_MACHINES: Final = frozenset({"ip address", "location", "postal address"})


class Looks(NamedTuple):
    """What a field looks like: the kind of personal data, in words, and the words that it is called by itself."""

    kind: str
    words: tuple[str, ...]


def unlabelled_fields(fields: Iterable[SeenField], policy: Policy) -> Iterator[Finding]:
    """Yield a finding for each field that looks personal and bears no label, with the policy's category that is most like it.

    A field that holds another class whose fields are seen is passed over: they are looked at themselves.
    """
    every = tuple(fields)
    owners = frozenset(_last(each.owner) for each in every)
    for each in every:
        looks = looks_personal(each)
        if looks is None or not owners.isdisjoint(map(_last, each.types)):
            continue
        yield Finding(
            "unlabelled-field",
            Severity.WARNING,
            f"`{_last(each.owner)}.{each.name}` looks personal ({looks.kind}), and bears no label",
            Location(each.place.path, each.place.line, each.place.column),
            help=_help(closest_category(looks, policy.categories)),
        )


def looks_personal(field: SeenField) -> Looks | None:
    """Tell what a field looks like, by what it, its types and its class are called; None for nothing, or where it bears a label."""
    if field.categories or field.labels or field.sealed:
        return None
    words, types = words_of(field.name), tuple(map(_last, field.types))
    owner = words_of(_last(field.owner))
    person = _is_person(owner) or any(_is_person(words_of(_last(each))) for each in field.bases)
    if (
        not words
        or words[0] in terms.BEGINNINGS
        or any(map(_is_thing, types))
        or (not person and _is_among(owner, terms.OF_PROGRAMS))
    ):
        return None
    kind = _kind(words, _SURE) or next((terms.TYPES[each] for each in types if each in terms.TYPES), None)
    if kind is None and person:
        kind = _kind(words, _OF_A_PERSON)
    if kind is None or (kind in _MACHINES and not person and _is_among((*owner, *words), terms.OF_MACHINES)):
        return None
    return Looks(kind, words)


def closest_category(looks: Looks, categories: Iterable[str]) -> str | None:
    """Give the category that is called most like a field; None where none is like it."""
    own = frozenset((*looks.words, *looks.kind.split()))
    best, most = None, 0.0
    for category in categories:
        words = words_of(category)
        common = own.intersection(words)
        same_kind = looks.kind == (_kind(words, _SURE) or _kind(words, _OF_A_PERSON))
        if not same_kind and common <= terms.SHARED:
            continue
        likeness = same_kind + len(common) / len(own.union(words))
        if likeness > most:
            best, most = category, likeness
    return best


def words_of(name: str) -> tuple[str, ...]:
    """Split a name in snake or camel case into its words, in lower case; digits at the end of a word are left out."""
    words, word = [], ""
    for at, letter in enumerate(name):
        after_small = at > 0 and (name[at - 1].islower() or name[at - 1].isdigit())
        last_capital = at > 0 and name[at - 1].isupper() and name[at + 1 : at + 2].islower()
        if not letter.isalnum() or (letter.isupper() and (after_small or last_capital)):
            words.append(word)
            word = ""
        word += letter if letter.isalnum() else ""
    plain = (each.rstrip("0123456789").lower() for each in (*words, word))
    return tuple(each for each in plain if each)


def _kind(words: tuple[str, ...], table: Mapping[str, str]) -> str | None:
    """Give the kind of the longest term that a name ends with, also in the plural."""
    while len(words) > 1 and words[-1] in terms.ENDINGS and words[-1] not in table:
        words = words[:-1]
    for count in range(min(_LONGEST, len(words)), 0, -1):
        joined = "".join(words[-count:])
        for form in (joined, joined.removesuffix("s"), joined.removesuffix("es")):
            if form in table:
                return table[form]
    return None


def _is_person(words: tuple[str, ...]) -> bool:
    """Tell whether a class is called after a person, as `Applicant`, `UserProfile` or `CustomerCreate` are."""
    while len(words) > 1 and words[-1] in terms.CARRIERS:
        words = words[:-1]
    last = words[-1].removesuffix("s") if words else ""
    if last in terms.ALSO_OF_THINGS and len(words) > 1:
        return words[-2] in terms.OF_COMPANY
    return last in terms.PEOPLE or words[-1:] in (("people",), ("staff",))


def _is_among(words: tuple[str, ...], those: frozenset[str]) -> bool:
    return any(word in those or word.removesuffix("s") in those for word in words)


def _is_thing(type_: str) -> bool:
    """Tell whether a type is that of a flag, a function or a part of a program."""
    words = words_of(type_)
    return bool(words) and (words[-1] in terms.THINGS or "".join(words) in terms.THINGS)


def _help(category: str | None) -> str:
    why = "or say why it is none: `# purposegate: ignore[unlabelled-field] …`"
    if category is None:
        return f"no category of the policy is like it: declare one and label the field with `Personal(…)`, {why}"
    return f'label it `Annotated[…, Personal("{category}")]`, {why}'


def _last(dotted: str) -> str:
    return dotted.rpartition(".")[2]


def _table(kinds: Mapping[str, str]) -> dict[str, str]:
    return {term.replace(" ", ""): kind for kind, listed in kinds.items() for term in listed.split(", ")}


_SURE: Final = _table(terms.SURE)
_OF_A_PERSON: Final = _table(terms.OF_A_PERSON)
