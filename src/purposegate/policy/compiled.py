"""The compiled form of a policy: one JSON object that `Gate.load` reads in place of the YAML, a tenth of the time.

    {"purposegate_compiled":1,"checksum":"…","signature":null,"policy":{…}}

The checksum is the SHA-256 of the bytes of the object under `policy` exactly as they stand, against accident: a file that was cut,
merged or re-indented is refused. Against intent there is the signature, of the same bytes (see `signature`). The object holds the
policy as the judge needs it, with its places in the source and the source's digest; what only people read stays in the source.
"""

from __future__ import annotations

import hashlib
import json
import re
from array import array
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from purposegate.policy.characters import forbidden_in
from purposegate.policy.hierarchy import Hierarchy, cycles
from purposegate.policy.policy import Amendments, Never, Objection, Policy, roles
from purposegate.policy.rules import NUMBERS, PLACES, Rules, Scopes
from purposegate.policy.terms import ANY, NAME, NAME_LENGTH, SIZE_LIMIT, Names, Role, ShownBy

_VERSION: Final = 1
_BODY: Final = b',"policy":'
_END: Final = b"}\n"
_HEADER_LENGTH: Final = 1024
_HEADER: Final = ("id", "title", "controller", "revision", "contact", "prose", "digest", "path")
_LINE_END: Final = re.compile(r"[\r\n]")
_COLUMNS: Final = ("data", "purposes", "recipients", "clauses", "quotes", "channels", "conditions")


class Damaged(ValueError):  # noqa: N818 - the loader makes a finding of it, it is not an error of its own
    """Raised for a compiled form that is not what `compiled` wrote; never leaves the package."""


def compiled(policy: Policy, sign: Callable[[bytes], str] | None = None) -> bytes:
    """Write a policy in its compiled form; `sign` gives the signature of the bytes that it is handed."""
    body = json.dumps(_written(policy), ensure_ascii=False, separators=(",", ":")).encode()
    header = {
        "purposegate_compiled": _VERSION,
        "checksum": hashlib.sha256(body).hexdigest(),
        "signature": sign(body) if sign is not None else None,
    }
    return json.dumps(header, separators=(",", ":")).encode()[:-1] + _BODY + body + _END


def opened(data: bytes) -> tuple[bytes, str | None]:
    """Give the bytes of the policy in a compiled form, and their signature; raise `Damaged` where the checksum is not theirs."""
    if len(data) > SIZE_LIMIT:
        raise Damaged("it is larger than a policy can be")
    at = data.find(_BODY, 0, _HEADER_LENGTH)
    if at < 0 or not data.endswith(_END):
        raise Damaged("it has no beginning or no end")
    body = data[at + len(_BODY) : -len(_END)]
    header = _object(data[:at] + b"}")
    if set(header) != {"purposegate_compiled", "checksum", "signature"}:
        raise Damaged("its first line is not one")
    if header["purposegate_compiled"] != _VERSION:
        raise Damaged("it was compiled for another version of the format")
    if header["checksum"] != hashlib.sha256(body).hexdigest():
        raise Damaged("its checksum is another")
    signature = header["signature"]
    if signature is not None and not isinstance(signature, str):
        raise Damaged("its signature is no text")
    return body, signature


def policy_of(body: bytes) -> Policy:
    """Read the bytes of a policy that `opened` gave; raise `Damaged` where they do not hold together."""
    try:
        return _Reading(_object(body)).policy()
    except Damaged:
        raise
    except (KeyError, IndexError, TypeError, ValueError, OverflowError, AttributeError):
        pass
    raise Damaged("a part of it is missing or of another kind")


def _object(data: bytes) -> dict[str, Any]:
    try:
        read: object = json.loads(data.decode())
    except (ValueError, RecursionError):
        raise Damaged("it is not JSON") from None
    if not isinstance(read, dict):
        raise Damaged("it is no object")
    return read


def _written(policy: Policy) -> dict[str, Any]:
    roots = {name: role for name, role in policy.roles.items() if not policy.recipients.parents(name)}
    return {key: getattr(policy, key) for key in _HEADER} | {
        "in_force_from": policy.in_force_from.isoformat() if policy.in_force_from else None,
        "amendments": [policy.amendments.window.days, *policy.amendments[1:]] if policy.amendments else None,
        "categories": _written_names(policy.categories),
        "purposes": _written_names(policy.purposes),
        "recipients": _written_names(policy.recipients),
        "roles": roots,
        "channels": policy.channels,
        "conditions": policy.conditions,
        "objections": {name: [*objection[:5], sorted(objection.exempt)] for name, objection in policy.objections.items()},
        "never": policy.never,
        "rules": _written_rules(policy.rules),
        "places": {
            section: dict(places) if isinstance(places, Mapping) else list(places) for section, places in policy.places.items()
        },
    }


def _written_names(names: Hierarchy) -> dict[str, Any]:
    return {"names": list(names), "parents": [[names.number(parent) for parent in names.parents(name)] for name in names]}


def _written_rules(rules: Rules) -> dict[str, Any]:
    return {
        "kinds": [rules.uses, rules.provisions, rules.exceptions],
        "texts": rules.texts,
        "channel_lists": rules.channel_lists,
        "condition_lists": rules.condition_lists,
        "provision_only": sorted(rules.provision_only),
        "scopes": [
            {
                "starts": scopes.starts.tolist(),
                "members": scopes.members.tolist(),
                "everything": sorted(scopes.everything),
                "excepted": [[scope, *names] for scope, names in scopes.excepted.items()],
            }
            for scopes in (rules.data_scopes, rules.purpose_scopes, rules.recipient_scopes)
        ],
        # A packed position would be a number of fifteen digits.
        "lines": [place >> 32 for place in rules.places],
        "characters": [place & 0xFFFFFFFF for place in rules.places],
    } | {column: getattr(rules, column).tolist() for column in _COLUMNS}


class _Reading:
    """A compiled policy that is being read: nothing in it is believed that the judge relies on."""

    def __init__(self, written: dict[str, Any]) -> None:
        self.written = written
        self.categories = _names(written["categories"])
        self.purposes = _names(written["purposes"], parents=1)
        self.recipients = _names(written["recipients"], parents=1)
        self.channels = _distinct(_texts(written["channels"]))
        self.conditions = {name: ShownBy(by) for name, by in _named(written["conditions"])}

    def policy(self) -> Policy:
        """Put the policy together."""
        written = self.written
        at_roots = {name: Role(role) for name, role in _named(written["roles"])}
        _hold(at_roots.keys() == {name for name in self.recipients if not self.recipients.parents(name)})
        _hold([name for name, role in at_roots.items() if role is Role.CONTROLLER] == [written["controller"]])
        begins = written["in_force_from"]
        in_force_from = None if begins is None else datetime.fromisoformat(begins)
        _hold(in_force_from is None or in_force_from.tzinfo is not None)
        return Policy(
            **{key: (_text if key == "contact" else _line)(written[key]) for key in _HEADER},
            categories=self.categories,
            purposes=self.purposes,
            recipients=self.recipients,
            roles=roles(self.recipients, at_roots),
            channels=self.channels,
            conditions=self.conditions,
            rules=self._rules(written["rules"]),
            objections={name: self._objection(*objection) for name, objection in _named(written["objections"])},
            never=tuple(Never(*self._three(names[:3]), _among(names[3], self.conditions)) for names in written["never"]),
            in_force_from=in_force_from,
            amendments=None if written["amendments"] is None else _amendments(*written["amendments"]),
            places={section: _places(places) for section, places in written["places"].items()},
        )

    def _objection(self, clause: str, quote: str, *rest: Any) -> Objection:  # noqa: ANN401 - whatever stood in the file
        *names, exempt = rest
        return Objection(_line(clause), _text(quote), *self._three(names), frozenset(_texts(exempt)))

    def _three(self, names: Sequence[Any]) -> tuple[Names, Names, Names]:
        data, purposes, recipients = names
        return _scope(data, self.categories), _scope(purposes, self.purposes), _scope(recipients, self.recipients)

    def _rules(self, written: dict[str, Any]) -> Rules:
        uses, provisions, exceptions = _numbers(written["kinds"])
        count = uses + provisions + exceptions
        hierarchies = (self.categories, self.purposes, self.recipients)
        data_scopes, purpose_scopes, recipient_scopes = (
            _scopes(hierarchy, scopes) for hierarchy, scopes in zip(hierarchies, written["scopes"], strict=True)
        )
        texts = _texts(written["texts"])
        channels = tuple(None if names is None else _among(names, self.channels) for names in written["channel_lists"])
        conditions = tuple(_among(names, self.conditions) for names in written["condition_lists"])
        pools = (data_scopes.starts[1:], purpose_scopes.starts[1:], recipient_scopes.starts[1:], texts, texts, channels, conditions)
        columns = {column: _numbers(written[column], len(pool)) for column, pool in zip(_COLUMNS, pools, strict=True)}
        _hold(not any(_LINE_END.search(texts[clause]) for clause in set(columns["clauses"])))
        lines, places = _numbers(written["lines"]), _numbers(written["characters"])
        provision_only = frozenset(_numbers(written["provision_only"], uses))
        _hold(min(uses, provisions, exceptions) >= 0 and {len(column) for column in (*columns.values(), lines, places)} == {count})
        return Rules(
            uses=uses,
            provisions=provisions,
            exceptions=exceptions,
            data_scopes=data_scopes,
            purpose_scopes=purpose_scopes,
            recipient_scopes=recipient_scopes,
            texts=texts,
            channel_lists=channels,
            condition_lists=conditions,
            places=array(PLACES, [line << 32 | column for line, column in zip(lines, places, strict=True)]),
            provision_only=provision_only,
            **columns,
        )


def _hold(condition: bool) -> None:  # noqa: FBT001 - the one thing that it is about
    if not condition:
        raise Damaged("its parts do not fit together")


def _text(written: Any) -> str:  # noqa: ANN401 - whatever stood in the file
    _hold(type(written) is str and len(written) > 0 and forbidden_in(written) is None)
    return str(written)


def _line(written: Any) -> str:  # noqa: ANN401 - whatever stood in the file
    _hold(not _LINE_END.search(_text(written)))
    return str(written)


def _texts(written: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever stood in the file
    _hold(isinstance(written, list) and all(type(text) is str and text for text in written))
    _hold(forbidden_in("\n".join(written)) is None)
    return tuple(written)


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    _hold(len(set(names)) == len(names) and all(NAME.match(name) and len(name) <= NAME_LENGTH and name != ANY for name in names))
    return names


def _named(written: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - whatever stood in the file
    _distinct(tuple(written))
    yield from written.items()


def _names(written: Any, parents: int | None = None) -> Hierarchy:  # noqa: ANN401 - whatever stood in the file
    names = _distinct(_texts(written["names"]))
    above = {
        name: tuple(names[number] for number in _numbers(numbers, len(names)))
        for name, numbers in zip(names, written["parents"], strict=True)
    }
    _hold(parents is None or all(len(each) <= parents for each in above.values()))
    _hold(next(cycles(above), None) is None)
    return Hierarchy(above)


def _among(written: Any, known: Container[str]) -> tuple[str, ...]:  # noqa: ANN401 - whatever stood in the file
    names = _texts(written)
    _hold(all(name in known for name in names))
    return names


def _scope(written: Any, hierarchy: Hierarchy) -> Names:  # noqa: ANN401 - whatever stood in the file
    if written == ANY:
        return ANY
    _hold(len(written) > 0)
    return _among(written, hierarchy)


def _numbers(written: Any, below: int | None = None) -> array[int]:  # noqa: ANN401 - whatever stood in the file
    _hold(isinstance(written, list))
    numbers = array(NUMBERS, written)
    _hold(below is None or not numbers or max(numbers) < below)
    return numbers


def _scopes(hierarchy: Hierarchy, written: dict[str, Any]) -> Scopes:
    starts, members = _numbers(written["starts"]), _numbers(written["members"], len(hierarchy))
    count = len(starts) - 1
    everything = frozenset(_numbers(written["everything"], count))
    _hold(starts[0] == 0 and starts[-1] == len(members))
    _hold(all(begin < end or (begin == end and scope in everything) for scope, (begin, end) in enumerate(pairwise(starts))))
    excepted = {scope: tuple(_numbers(names, len(hierarchy))) for scope, *names in written["excepted"] if _numbers([scope], count)}
    return Scopes(hierarchy, starts, members, everything, excepted)


def _amendments(days: Any, silence_accepts: Any, time_zone: Any) -> Amendments:  # noqa: ANN401 - whatever stood in the file
    _hold(type(days) is int and days > 0 and type(silence_accepts) is bool)
    try:
        return Amendments(timedelta(days), silence_accepts, ZoneInfo(_line(time_zone)).key)
    except OSError:  # the name of a folder of zones
        raise Damaged("its time zone is not one") from None


def _places(written: Any) -> Mapping[str, int] | Sequence[int]:  # noqa: ANN401 - whatever stood in the file
    if isinstance(written, dict):
        return dict(zip(written, array(PLACES, written.values()), strict=True))
    return array(PLACES, written)
