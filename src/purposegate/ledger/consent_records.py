"""Consents as consent records of ISO/IEC TS 27560:2023, in JSON, for other systems that keep consents; and back: pure.

The names of fields follow the record structure of the standard: the header (`schema_version`, `record_id`, `pii_principal_id`),
`pii_processing`, `party_identification` and `event`. Ours is `condition`: the condition of the policy that the consent shows. Ours
too is what the standard leaves open: that `privacy_notice` holds the version of the text that the person was shown, that `any`
alone stands for every data category, purpose or recipient, and that all purposes of one record name the same data and recipients.

A record that holds anything else is refused, and not read in part: what is not understood may be what limits the consent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from purposegate.ledger.encoding import utc_text
from purposegate.ledger.records import Consent
from purposegate.policy.terms import ANY, Names, presentable

__all__ = ["from_consent_record", "read_consent_records", "to_consent_record"]

SCHEMA_VERSION: Final = "ISO/IEC TS 27560:2023"
_LAWFUL_BASIS: Final = "consent"
_EXPLICIT: Final = "explicit"
_GIVEN, _WITHDRAWN, _EXPIRED = "given", "withdrawn", "expired"
# The name space of the ids that records are given: the same consent has the same id, whenever it is written.
_RECORDS: Final = UUID("6f1d7f0c-6a5c-4b0e-9d0b-2756020230a1")
_DURATION: Final = re.compile(
    r"P(?=[0-9T])(?:([0-9]{1,9})W)?(?:([0-9]{1,9})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,12}(?:\.[0-9]{1,6})?)S)?)?\Z"
)


def to_consent_record(consent: Consent, *, controller: str, contact: str) -> dict[str, Any]:
    """Write a consent as a record; raise `ValueError` where it cannot be written without changing what it says.

    `controller` is the name of who may use the data, and `contact` where it is reached.
    """
    purposes = [
        {
            "purpose": purpose,
            "lawful_basis": _LAWFUL_BASIS,
            "pii_information": [{"pii_type": name} for name in _listed(consent.data)],
            "recipient_third_parties": _listed(consent.recipients),
        }
        for purpose in _listed(consent.purposes)
    ]
    return {
        "schema_version": SCHEMA_VERSION,
        "record_id": str(_id(consent)),
        "pii_principal_id": consent.subject,
        "condition": consent.condition,
        "pii_processing": {"privacy_notice": consent.text_version, "purposes": purposes},
        "party_identification": [{"party_id": controller, "party_role": "PII controller", "party_contact": contact}],
        "event": _events(consent),
    }


def from_consent_record(record: object, path: str = "") -> Consent:
    """Read a consent from a record; raise `ValueError`, naming the field, for anything that is not understood.

    A record of a consent that was withdrawn or has expired gives one that is withdrawn, or has expired, since then. `path` is where
    the record stands in what it was taken from.
    """
    header = ("schema_version", "record_id", "pii_principal_id", "condition", "pii_processing", "party_identification", "event")
    parts = _object(record, path, header)
    if parts["schema_version"] != SCHEMA_VERSION:
        raise ValueError(f"{_at(path, 'schema_version')} is not `{SCHEMA_VERSION}`")
    _text(parts["record_id"], _at(path, "record_id"))
    subject = _text(parts["pii_principal_id"], _at(path, "pii_principal_id"))
    _read_parties(parts["party_identification"], _inside(path, "party_identification"))
    processing = _inside(path, "pii_processing")
    processed = _object(parts["pii_processing"], processing, ("privacy_notice", "purposes"))
    notice = processed["privacy_notice"]
    text_version = "" if notice == "" else _text(notice, _at(processing, "privacy_notice"))
    data, purposes, recipients = _read_purposes(processed["purposes"], _inside(processing, "purposes"))
    given, expires, withdrawn = _read_events(parts["event"], _inside(path, "event"), subject)
    return Consent(
        subject=subject,
        condition=_text(parts["condition"], _at(path, "condition")),
        data=data,
        purposes=purposes,
        recipients=recipients,
        given=given,
        expires=expires,
        withdrawn=withdrawn,
        text_version=text_version,
    )


def read_consent_records(text: str | bytes) -> tuple[Consent, ...]:
    """Read the consents of a JSON document, which is one record or a list of them; raise `ValueError` for any that is refused."""
    try:
        document = json.loads(text, object_pairs_hook=_without_duplicates)
    except _DuplicateError as error:
        raise ValueError(str(error)) from None
    except (ValueError, RecursionError):
        raise ValueError("the document is no JSON") from None
    if isinstance(document, list):
        return tuple(from_consent_record(record, f"[{at}]") for at, record in enumerate(document))
    return (from_consent_record(document),)


def _id(consent: Consent) -> UUID:
    scopes = [_listed(names) for names in (consent.data, consent.purposes, consent.recipients)]
    said = [consent.subject, consent.condition, *scopes, utc_text(consent.given), consent.text_version]
    return uuid5(_RECORDS, json.dumps(said))


def _listed(names: Names) -> list[str]:
    if names == ANY:
        return [ANY]
    if ANY in names:
        raise ValueError("`any` stands alone, and is not one of several names")
    return list(names)


def _events(consent: Consent) -> list[dict[str, str]]:
    def event(at: datetime, state: str) -> dict[str, str]:
        return {"event_time": utc_text(at), "event_type": _EXPLICIT, "event_state": state, "entity_id": consent.subject}

    given = event(consent.given, _GIVEN)
    if consent.expires is not None:
        given["validity_duration"] = _duration(consent.expires - consent.given)
    return [given] if consent.withdrawn is None else [given, event(consent.withdrawn, _WITHDRAWN)]


def _duration(length: timedelta) -> str:
    if length < timedelta():
        raise ValueError("a consent that expires before it is given has no duration")
    seconds = f"{length.seconds}.{length.microseconds:06}" if length.microseconds else f"{length.seconds}"
    if not length.days:
        return f"PT{seconds}S"
    return f"P{length.days}D" if seconds == "0" else f"P{length.days}DT{seconds}S"


def _read_parties(value: object, path: str) -> None:
    """Look at who the controller is said to be: a consent of the ledger is its own controller's, and keeps nothing of it."""
    for at, each in enumerate(_list(value, path)):
        here = f"{path}[{at}]"
        party = _object(each, here, ("party_id", "party_role"), ("party_contact",))
        for key, part in party.items():
            _text(part, _at(here, key))
        if party["party_role"] != "PII controller":
            raise ValueError(f"{_at(here, 'party_role')} is not `PII controller`")


def _read_purposes(value: object, path: str) -> tuple[Names, Names, Names]:
    names: list[str] = []
    found: list[tuple[Names, Names]] = []
    for at, each in enumerate(_list(value, path)):
        here = f"{path}[{at}]"
        parts = _object(each, here, ("purpose", "lawful_basis", "pii_information", "recipient_third_parties"))
        if parts["lawful_basis"] != _LAWFUL_BASIS:
            raise ValueError(f"{_at(here, 'lawful_basis')} is not `{_LAWFUL_BASIS}`")
        names.append(_text(parts["purpose"], _at(here, "purpose")))
        information = _inside(here, "pii_information")
        types = [
            _text(_object(pii, f"{information}[{number}]", ("pii_type",))["pii_type"], _at(f"{information}[{number}]", "pii_type"))
            for number, pii in enumerate(_list(parts["pii_information"], information))
        ]
        third_parties = _inside(here, "recipient_third_parties")
        recipients = [
            _text(name, f"`{third_parties}[{number}]`")
            for number, name in enumerate(_list(parts["recipient_third_parties"], third_parties))
        ]
        found.append((_names(types, information), _names(recipients, third_parties)))
        if found[-1] != found[0]:
            raise ValueError(f"`{here}` names other data or recipients than the first purpose: it wants a record of its own")
    return found[0][0], _names(names, path), found[0][1]


def _names(names: Sequence[str], path: str) -> Names:
    if list(names) == [ANY]:
        return ANY
    if ANY in names:
        raise ValueError(f"`{path}` names `any` as one of several")
    return tuple(names)


def _read_events(value: object, path: str, subject: str) -> tuple[datetime, datetime | None, datetime | None]:
    given: datetime | None = None
    ends: dict[str, list[datetime]] = {_EXPIRED: [], _WITHDRAWN: []}
    for at, event in enumerate(_list(value, path)):
        here = f"{path}[{at}]"
        parts = _object(event, here, ("event_time", "event_type", "event_state"), ("entity_id", "validity_duration"))
        if parts["event_type"] != _EXPLICIT:
            raise ValueError(f"{_at(here, 'event_type')} is not `{_EXPLICIT}`")
        if parts.get("entity_id", subject) != subject:
            raise ValueError(f"{_at(here, 'entity_id')} is not the person whose consent it is")
        time = _time(parts["event_time"], _at(here, "event_time"))
        state = parts["event_state"]
        if state == _GIVEN:
            if given is not None:
                raise ValueError(f"`{here}` gives the consent again: it wants a record of its own")
            given = time
            if "validity_duration" in parts:
                ends[_EXPIRED].append(_end(time, parts["validity_duration"], _at(here, "validity_duration")))
        elif isinstance(state, str) and state in ends and "validity_duration" not in parts:
            ends[state].append(time)
        elif isinstance(state, str) and state in ends:
            raise ValueError(f"{_at(here, 'validity_duration')} is not understood of an end")
        else:
            raise ValueError(f"{_at(here, 'event_state')} is not `{_GIVEN}`, `{_WITHDRAWN}` or `{_EXPIRED}`")
    if given is None:
        raise ValueError(f"`{path}` does not say when the consent was given")
    # Of several ends the first one counts: a record never gives back what it once took.
    return given, min(ends[_EXPIRED], default=None), min(ends[_WITHDRAWN], default=None)


def _end(given: datetime, value: object, where: str) -> datetime:
    match = _DURATION.match(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{where} is no duration in weeks, days, hours, minutes and seconds, as `P365D` is")
    weeks, days, hours, minutes = (int(part or 0) for part in match.groups()[:4])
    whole, _, fraction = (match[5] or "0").partition(".")
    microseconds = int(fraction.ljust(6, "0"))
    try:
        return given + timedelta(
            weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=int(whole), microseconds=microseconds
        )
    except OverflowError:
        raise ValueError(f"{where} goes beyond the calendar") from None


def _time(value: object, where: str) -> datetime:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
        if at is not None and at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError(f"{where} is no time with its zone, as `2026-01-15T12:00:00Z` is")


def _object(value: object, path: str, required: Sequence[str], optional: Sequence[str] = ()) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"`{path}` is no object" if path else "the record is no object")  # noqa: TRY004 - the file's fault, not the caller's
    for key in value:
        if key not in required and key not in optional:
            raise ValueError(f"{_at(path, presentable(key))} is not understood")
    for key in required:
        if key not in value:
            raise ValueError(f"{_at(path, key)} is missing")
    return value


def _list(value: object, path: str) -> list[object]:
    if not isinstance(value, list) or not value:
        raise ValueError(f"`{path}` is no list, or an empty one")
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value or value.isspace():
        raise ValueError(f"{where} is no text, or blank")
    return value


def _inside(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _at(path: str, key: str) -> str:
    return f"`{_inside(path, key)}`"


class _DuplicateError(ValueError):
    """An object that names a field twice."""


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _DuplicateError(f"a record names `{presentable(key)}` twice")
        found[key] = value
    return found
