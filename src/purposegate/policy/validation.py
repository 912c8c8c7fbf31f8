"""A part of a file as it was written → its model, or a finding at the place of each thing that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from purposegate.findings import Finding, did_you_mean, listed, shortened
from purposegate.policy.markup import Findings, Source, position

_Model = TypeVar("_Model", bound=BaseModel)
# The models of what stands inside of other models, by the key at which it stands.
Inner = Mapping[str | int, type[BaseModel]]

_MESSAGES: Final = {
    "missing": "`{key}` is missing",
    "extra_forbidden": "unknown key `{key}`",
    "string_type": "expected text",
    "string_too_short": "the text is empty",
    "string_pattern_mismatch": "expected text in one line",
    "tuple_type": "expected a list, as `[name]`",
    "too_short": "the list is empty; a rule states what it covers",
    "model_type": "expected a mapping",
    "dict_type": "expected a mapping",
    "literal_error": "expected {expected}",
    "enum": "expected {expected}",
}
_SLUGS: Final = {"missing": "missing-key", "extra_forbidden": "unknown-key"}


def validated(
    model: type[_Model], value: object, at: int, source: Source, findings: Findings, *, inner: Inner, written: object = None
) -> _Model | None:
    """Validate a value that stood at a position, as it was written; complain of what is wrong with it."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            if not _complained_of(detail):
                findings.append(_translated(detail, written or value, at, source, model, inner))
        return None


def _complained_of(detail: Any) -> bool:  # noqa: ANN401 - pydantic's own dictionary
    # Of a gap the markup complained; the other branch of an optional value, and the emptiness of a list whose items were all
    # wrong, say nothing new.
    gap = detail["input"] is None
    return gap or detail["type"] == "none_required" or (detail["type"] == "too_short" and len(detail["input"]) > 0)


def _translated(
    detail: Any,  # noqa: ANN401 - as above
    written: object,
    at: int,
    source: Source,
    model: type[BaseModel],
    inner: Inner,
) -> Finding:
    kind, loc = detail["type"], detail["loc"]
    key = loc[-1] if loc else ""
    message = _MESSAGES.get(kind, "{message}").format(
        key=shortened(str(key)),
        message=detail["msg"],
        expected="`any`, or a list, as `[name]`" if "any" in loc else str(detail.get("ctx", {}).get("expected")),
    )
    fields = {field.alias or name: field for name, field in _fields_at(model, inner, loc[:-1]).items()}
    help_ = None
    if kind == "extra_forbidden":
        help_ = did_you_mean(str(key), fields) or f"known here: {listed(fields)}"
    elif kind == "missing":
        help_ = getattr(fields.get(str(key)), "description", None)
    return source.finding(
        _SLUGS.get(kind, "wrong-value"),
        message,
        position(loc, written, at, of_key=kind == "extra_forbidden"),
        help_,
    )


def _fields_at(model: type[BaseModel], inner: Inner, loc: tuple[str | int, ...]) -> Mapping[str, Any]:
    innermost = next((inner[part] for part in reversed(loc) if part in inner), model)
    return innermost.model_fields
