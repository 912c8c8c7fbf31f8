"""What a service answers where something is refused: problem details (RFC 9457), with names and clauses and no data."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from fastapi.responses import JSONResponse
from pydantic_core import PydanticKnownError

from purposegate.errors import DeclarationError, LedgerError, PurposegateError, TrailError
from purposegate.gate.violation import PurposeViolation, headline

# Declared by the code wherever it says them outright, so that at run time they come of what a request said.
_OF_THE_REQUEST: Final = ("unknown-recipient", "wider-purpose")
# What is filled in from the model and not from what was sent; numbers are limits and lengths.
_OF_THE_MODEL: Final = frozenset({"expected", "expected_tags", "discriminator", "pattern", "expected_schemes"})

_log = logging.getLogger("purposegate")


class ProblemResponse(JSONResponse):
    """Problem details."""

    media_type = "application/problem+json"


def install(app: FastAPI) -> None:
    """Answer what is refused, and what cannot be validated."""

    async def refused(_: Request, error: Exception) -> Response:
        return problem(error)

    async def refused_together(_: Request, error: Exception) -> Response:
        """Of several that failed together: what is refused is answered as such only where nothing else went wrong."""
        if not isinstance(error, ExceptionGroup) or error.split(PurposegateError)[1] is not None:
            raise error
        return problem(_first(error))

    async def wrong_request(_: Request, error: Exception) -> Response:
        errors = error.errors() if isinstance(error, RequestValidationError) else ()
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return JSONResponse({"detail": [_without_input(each) for each in errors]}, status)

    async def wrong_response(_: Request, error: Exception) -> Response:
        kinds = {str(each["type"]) for each in error.errors()} if isinstance(error, ResponseValidationError) else set()
        _log.error("an answer is not what its response model says (%s)", ", ".join(sorted(kinds)))
        return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "the answer is not what its response model says")

    app.add_exception_handler(PurposegateError, refused)
    app.add_exception_handler(ExceptionGroup, refused_together)
    app.add_exception_handler(RequestValidationError, wrong_request)
    app.add_exception_handler(ResponseValidationError, wrong_response)


def problem(error: Exception) -> Response:
    """Word a refusal for whoever asked; what is for the service's people is logged."""
    if isinstance(error, PurposeViolation):
        decision = error.decision
        return _problem(HTTPStatus.FORBIDDEN, headline(decision), reason=decision.reason.value, clauses=decision.clauses)
    if isinstance(error, DeclarationError) and error.findings[0].slug in _OF_THE_REQUEST:
        finding = error.findings[0]
        return _problem(HTTPStatus.FORBIDDEN, finding.message, reason=finding.slug)
    _log.error("%s", error)
    if isinstance(error, (LedgerError, TrailError)):
        return _problem(HTTPStatus.SERVICE_UNAVAILABLE, "the use could not be decided or recorded")
    return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "the service is not set up for this use of personal data")


def _first(error: BaseException) -> Exception:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error if isinstance(error, Exception) else RuntimeError()


def _problem(status: HTTPStatus, detail: str, *, reason: str | None = None, clauses: Iterable[str] = ()) -> Response:
    told: dict[str, object] = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
    if reason is not None:
        told |= {"reason": reason, "clauses": list(clauses)}
    return ProblemResponse(told, status.value)


def _without_input(error: Mapping[str, Any]) -> dict[str, object]:
    """Say what is wrong and where, without what was sent: no input, no context, no name that is not one."""
    location = [each if isinstance(each, int) or str(each).isidentifier() else "…" for each in error["loc"]]
    return {"type": error["type"], "loc": location, "msg": _worded(error)}


def _worded(error: Mapping[str, Any]) -> str:
    """Give pydantic's own words for a kind of error, without what was sent; other words are those of whoever validates."""
    context = error.get("ctx", {})
    try:
        template = PydanticKnownError(error["type"], context or None).message_template
    except (KeyError, TypeError):
        return "this is not valid"

    def filled(gap: re.Match[str]) -> str:
        if gap[1] == "expected_plural":
            return "" if 1 in {context.get("min_length"), context.get("max_length")} else "s"
        value = context.get(gap[1])
        return str(value) if isinstance(value, (int, float)) or gap[1] in _OF_THE_MODEL else "…"

    return re.sub(r"\{(\w+)\}", filled, template)
