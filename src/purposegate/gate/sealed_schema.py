"""How pydantic validates and serialises a sealed value. Imported only where pydantic builds a schema."""

from __future__ import annotations

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

    def validated(draft: Sealed[Any], handler: ValidatorFunctionWrapHandler) -> Sealed[Any]:
        try:
            return Sealed(handler(value_sealed(draft)), *labels_sealed(draft), *labels)
        except ValidationError as error:
            kinds = sorted({each["type"] for each in error.errors(include_input=False, include_context=False, include_url=False)})
        except Exception as error:  # noqa: BLE001 - a validator may raise anything, with the value in its text
            kinds = [type(error).__name__]
        raise PydanticCustomError("sealed", "what is sealed here is not valid ({kinds})", {"kinds": ", ".join(kinds)})

    return core_schema.chain_schema(
        [core_schema.no_info_plain_validator_function(_draft), core_schema.no_info_wrap_validator_function(validated, content)],
        serialization=core_schema.wrap_serializer_function_ser_schema(_serialised, schema=content, info_arg=True),
        metadata={_LABELS: sorted(labels)},
    )


def relabelled(schema: CoreSchema, label: str) -> CoreSchema:
    """Let what a schema gives be labelled, wherever something sealed stands in it."""
    return core_schema.no_info_after_validator_function(lambda value: _labelled(value, label), schema)


def described(schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
    """Describe what is sealed: that is what the world sees, with its labels."""
    steps: list[Any] = schema["steps"]  # made above
    content = handler(steps[1]["schema"])
    labels = schema["metadata"][_LABELS]
    return {**content, "x-personal": labels} if labels else content


def _draft(value: Any) -> Sealed[Any]:  # noqa: ANN401 - input is anything
    return value if isinstance(value, Sealed) else Sealed(value)


def _serialised(value: Any, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> Any:  # noqa: ANN401 - as above
    if not isinstance(value, Sealed):  # put there without validation; whoever labelled the field did not seal it
        value = Sealed(value)
    if opens_now(labels_sealed(value)):
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
