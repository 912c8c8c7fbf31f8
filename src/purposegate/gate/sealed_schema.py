"""How pydantic validates and serialises a sealed value. Imported only where pydantic builds a schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pydantic import (
    GetJsonSchemaHandler,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidatorFunctionWrapHandler,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from purposegate.gate.opening import opens_now
from purposegate.gate.sealed import SEALED_TEXT, Sealed, labels_sealed, value_sealed

_LABELS: Final = "purposegate_labels"


def sealed_schema(content: CoreSchema, labels: frozenset[str]) -> CoreSchema:
    """Validate what the content's schema takes, sealed before anything can go wrong with it: an error repeats its input."""

    def sealed(value: Any, handler: ValidatorFunctionWrapHandler) -> Sealed[Any]:  # noqa: ANN401 - input is anything
        if isinstance(value, Sealed):
            return Sealed(handler(value_sealed(value)), *labels_sealed(value), *labels)
        return Sealed(handler(value), *labels)

    return _hidden(content, sealed, _serialised, labels)


def relabelled(schema: CoreSchema, label: str, fits: Callable[[Any], bool]) -> CoreSchema:
    """Let what a schema gives be labelled, wherever something sealed stands in it.

    What does not fit there, and was put there without validation, is treated as sealed.
    """
    if _LABELS in (schema.get("metadata") or {}):  # nothing but what is sealed: it hides itself
        return core_schema.no_info_after_validator_function(lambda value: _labelled(value, label), schema)

    def labelled(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401 - as above
        return _labelled(handler(value), label)

    def serialised(value: Any, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> Any:  # noqa: ANN401 - as above
        return handler(value) if fits(value) else _serialised(Sealed(value, label), handler, info)

    return _hidden(schema, labelled, serialised, frozenset())


def described(schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
    """Describe what is sealed: that is what the world sees, with its labels."""
    labels = schema["metadata"][_LABELS]
    return handler(schema) | ({"x-personal": labels} if labels else {})


def _hidden(
    content: CoreSchema,
    validate: Callable[[Any, ValidatorFunctionWrapHandler], Any],
    serialise: Callable[[Any, SerializerFunctionWrapHandler, SerializationInfo], Any],
    labels: frozenset[str],
) -> CoreSchema:
    """Hide the input from the schema around this one, and in what an error says."""

    def validated(draft: Sealed[Any], handler: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401 - as above
        try:
            return validate(value_sealed(draft)[0], handler)
        except ValidationError as error:
            kinds = sorted({each["type"] for each in error.errors(include_input=False, include_context=False, include_url=False)})
        except Exception as error:  # noqa: BLE001 - a validator may raise anything, with the value in its text
            kinds = [type(error).__name__]
        raise PydanticCustomError("sealed", "what is sealed here is not valid ({kinds})", {"kinds": ", ".join(kinds)})

    return core_schema.no_info_before_validator_function(
        _draft,
        core_schema.no_info_wrap_validator_function(validated, content),
        serialization=core_schema.wrap_serializer_function_ser_schema(serialise, schema=content, info_arg=True),
        metadata={_LABELS: sorted(labels)},
    )


def _draft(value: Any) -> Sealed[Any]:  # noqa: ANN401 - as above
    return Sealed((value,))  # a sealed value within stays one


def _serialised(value: Any, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> Any:  # noqa: ANN401 - as above
    if not isinstance(value, Sealed):  # put there without validation; whoever labelled the field did not seal it
        value = Sealed(value)
    if opens_now(value):
        return handler(value_sealed(value))
    return SEALED_TEXT if info.mode == "json" else value


def _labelled(value: Any, label: str) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, Sealed):
        return Sealed(value, label)
    if type(value) in (list, tuple, set, frozenset):
        return type(value)(_labelled(each, label) for each in value)
    if type(value) is dict:
        return {key: _labelled(each, label) for key, each in value.items()}
    return value
