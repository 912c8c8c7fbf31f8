"""The gate in a FastAPI service: a purpose for each route, and answers that hold only what it may see (extra `fastapi`).

    app = FastAPI()
    install(app, gate)

    @app.get("/candidates/{candidate_id}", dependencies=[for_purpose(gate, "respond_to_inquiries", subject=From("candidate_id"))])
    async def candidate(candidate_id: str) -> Candidate: ...

The life of a request: the dependency opens the purpose; the endpoint runs in it; what it returns is judged, field by field, before
FastAPI writes it; the purpose ends before the answer is sent, and before any background task.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Hashable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial, wraps
from inspect import iscoroutinefunction
from typing import Annotated, Any, Final, Literal, NamedTuple
from uuid import UUID

from fastapi import Depends, FastAPI, Request, Response, routing
from fastapi.routing import APIRoute
from pydantic import (
    GetCoreSchemaHandler,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
)
from pydantic_core import CoreSchema, core_schema
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from purposegate.errors import DeclarationError
from purposegate.gate.ambient import PurposeBlock, Why, why_now
from purposegate.gate.declared import line_of, no_ids, wrong, wrong_names
from purposegate.gate.disclosure import OnDenied
from purposegate.gate.elsewhere import elsewhere
from purposegate.gate.excluding import Exclude, Excluding
from purposegate.gate.gate import Gate
from purposegate.gate.labels import shape_of
from purposegate.gate.opening import written_out
from purposegate.gate.plans import labels_within, plan_of
from purposegate.gate.sealed import Sealed
from purposegate.gate.taking import From, as_name
from purposegate.integrations import problems
from purposegate.policy.terms import NO_PURPOSE

__all__ = ["for_purpose", "install", "route_class"]

_DECLARED: Final = "__purposegate_declared__"
# What FastAPI asked of the dump, besides what it leaves out.
_OPTIONS: Final = ("mode", "include", "by_alias", "exclude_unset", "exclude_defaults", "exclude_none", "round_trip", "context")
_EMPTY: Final = (b"", b"null")


def install(app: FastAPI, gate: Gate) -> None:
    """Put the gate into an app, before its routes are added.

    What its routes return is judged, and what is refused becomes 403 problem+json (RFC 9457) with the clauses and no data; what a
    request has wrong is told without repeating it; the OpenAPI page shows the purpose of each route. A router of its own takes
    `APIRouter(route_class=route_class(gate))`: a labelled answer of one without it is not sent. Raises `DeclarationError` where the
    app has routes already. Mounted apps, WebSockets and plain Starlette routes are not looked at; guards and sealed values are.
    """
    before = [context.path for context in _contexts(app) if isinstance(getattr(context, "original_route", context), APIRoute)]
    if before:
        raise wrong("route-before-install", f"the route `{before[0]}` was added before the gate", help_="call `install` first")
    app.router.route_class = route_class(gate)
    problems.install(app)
    app.add_middleware(_Covering)
    described = app.openapi
    app.openapi = lambda: _with_purposes(described(), app)  # type: ignore[method-assign]  # the way that FastAPI documents


def for_purpose(
    gate: Gate,
    purpose: str,
    recipient: str | From | None = None,
    *,
    subject: str | int | UUID | From | None = None,
    channel: str | None = None,
    each: From | None = None,
    on_denied: Literal["drop", "refuse"] = "drop",
    unchecked: str | None = None,
) -> Any:  # noqa: ANN401 - as `Depends` itself
    """Give the dependency of a route, or of a router or an app, which runs it for a purpose.

    Recipient and subject may be taken `From` a path or query parameter, or by a function of the request; `each`, as `From("id")`,
    tells whose data each record of a list holds that the route answers with. Fields that may not be seen are left out of the
    answer; with `on_denied="refuse"` there is none then. An answer that no `response_model` declares (a `Response`, a stream, a
    plain dictionary without one) is refused, unless `unchecked` says why it may go out unseen. Raises `DeclarationError` for a name
    that the policy does not know.
    """
    declared = _Declared(gate, purpose, recipient, OnDenied(on_denied), unchecked, each)
    location = line_of(sys._getframe(1))  # noqa: SLF001 - a wrong name is reported with its place
    names = {"recipient": recipient} if isinstance(recipient, str) else {}
    findings = [*wrong_names(gate.engine, purpose=purpose, channel=channel, location=location, **names)]
    if not isinstance(subject, From):
        findings += no_ids({"subject": subject}, location)
    if findings:
        raise DeclarationError(findings)
    if declared.on_denied is OnDenied.MARK:
        raise ValueError("an answer has no place for a marker: `drop` or `refuse`")
    if unchecked is not None and not unchecked.strip():
        raise wrong("no-reason", "what goes out unchecked needs a reason", location)

    async def under_purpose(connection: HTTPConnection) -> AsyncIterator[None]:
        answer = _answering.get()
        if answer is None or answer.gate is not gate:
            raise wrong(
                "ungated-route", "this route does not look at what it returns", help_="`install` the gate, or `route_class`"
            )
        answer.declared = declared
        receiver = as_name(_taken(recipient, connection)) if isinstance(recipient, From) else recipient  # missing, it is unknown
        with answer.until_answered(gate.purpose(purpose, receiver, subject=_taken(subject, connection), channel=channel)):
            yield

    setattr(under_purpose, _DECLARED, declared)
    return Depends(under_purpose)


def route_class(gate: Gate) -> type[APIRoute]:
    """Give the class of routes whose answers the gate looks at: `APIRouter(route_class=route_class(gate))`."""
    return type("GatedRoute", (_Gated,), {"gate": gate})


@dataclass(frozen=True)
class _Declared:
    """What one `for_purpose` says."""

    gate: Gate
    purpose: str
    recipient: str | From | None
    on_denied: OnDenied = OnDenied.REFUSE
    unchecked: str | None = None
    each: From | None = None


@dataclass
class _Answer:
    """What becomes of one request: how its route would have it, and what is left out of what it returns."""

    gate: Gate
    declared: _Declared | None = None
    judged: bool = False
    excluded: Exclude = False
    opened: dict[int, Sealed[Any]] = field(default_factory=dict)
    blocks: list[PurposeBlock] = field(default_factory=list)

    def until_answered(self, block: PurposeBlock) -> PurposeBlock:
        """Have a block ended when the answer is written: FastAPI may end what a dependency opened only after background tasks."""
        self.blocks.append(block)
        return block

    def end(self) -> None:
        """End the purposes of the route, the inner ones first."""
        while self.blocks:
            self.blocks.pop().__exit__(None, None, None)


_answering: ContextVar[_Answer | None] = ContextVar("purposegate_answering", default=None)


class _Judging:
    """Stands in the annotation of what a route returns, and has it judged where FastAPI validates it, before it is written."""

    def __init__(self, gate: Gate, model: Any) -> None:  # noqa: ANN401 - any annotation
        self.gate = gate
        self._model = model  # pydantic shows an annotation only what stands before it, without the labels there

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - pydantic's own
        shape, schema = shape_of(self._model), handler(source)

        @cache
        def dumping() -> TypeAdapter[Any]:  # made when it is first wanted: what it names may not be complete yet
            return TypeAdapter(self._model)

        def judged(returned: Any, validate: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401 - a route returns anything
            if type(returned) is _Judged:
                return returned.made
            answer = self._answer()
            why = why_now(self.gate)
            declared = answer.declared
            if why is None or declared is None:
                why, declared = Why(NO_PURPOSE), _Declared(self.gate, NO_PURPOSE, None)
            returned = list(returned) if isinstance(returned, Iterator) else returned  # or to look at it would use it up
            judging = Excluding(self.gate, why, declared.on_denied)
            # What is returned may be labelled where what it is made into is not, and the other way round.
            excluded = judging.of_all(returned, shape, declared.each)
            made = validate(returned)
            answer.excluded = _merged(_renamed(excluded, made, returned, judging), judging.of_all(made, shape, declared.each))
            if answer.excluded is True:
                judging.refuse()
            judging.finish()
            answer.opened, answer.judged = judging.opened, True
            return made

        def written(value: Any, write: SerializerFunctionWrapHandler, info: SerializationInfo) -> Any:  # noqa: ANN401 - as above
            answer = self._answer()
            if not answer.judged:
                raise wrong("unjudged", "what is written here was not judged")
            with written_out(answer.opened):
                return write(value) if not answer.excluded else without(value, answer.excluded, info)

        def without(value: Any, excluded: Exclude, info: SerializationInfo) -> Any:  # noqa: ANN401 - as above
            options: dict[str, Any] = {option: getattr(info, option) for option in _OPTIONS}
            options["exclude"] = _merged(_tree(info.exclude), excluded)
            return dumping().dump_python(value, **options)

        return core_schema.no_info_wrap_validator_function(
            judged,
            schema,
            serialization=core_schema.wrap_serializer_function_ser_schema(written, schema=schema, info_arg=True),
        )

    def _answer(self) -> _Answer:
        answer = _answering.get()
        if answer is None or answer.gate is not self.gate:
            raise wrong("ungated-route", "what is returned here is not looked at by its gate")
        return answer


class _Judged(NamedTuple):
    """What was made of what a route returned, and has been judged."""

    made: Any


def _judging_elsewhere(endpoint: Any, model: Any) -> Callable[..., Any]:  # noqa: ANN401 - FastAPI's own
    """Give an endpoint that has its answer judged in a thread, before FastAPI looks at it."""

    @cache
    def validating() -> TypeAdapter[Any]:  # made when it is first wanted: what it names may not be complete yet
        return TypeAdapter(model)

    def judged(returned: Any) -> Any:  # noqa: ANN401 - a route returns anything
        try:
            return _Judged(validating().validate_python(returned, from_attributes=True))
        except ValidationError:
            return returned  # FastAPI says what is wrong with it

    @wraps(endpoint)
    async def answered(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - an endpoint's own
        returned = [
            await endpoint(*args, **kwargs)
        ]  # taken out of it again: a traceback may be shown with the locals of its frames
        if isinstance(returned[0], Response):
            return returned.pop()
        return await elsewhere(partial(judged, returned.pop()))

    return answered


def _is_awaited(endpoint: Any) -> bool:  # noqa: ANN401 - whatever FastAPI took for one
    return iscoroutinefunction(endpoint) or iscoroutinefunction(getattr(endpoint, "__call__", None))  # noqa: B004 - a method is asked for


class _Gated(APIRoute):
    """A route that has what it returns judged."""

    gate: Gate

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401 - FastAPI's own
        super().__init__(path, endpoint, **options)  # it knows what the endpoint is annotated to return
        model = self.response_model
        judged = any(isinstance(each, _Judging) and each.gate is self.gate for each in getattr(model, "__metadata__", ()))
        if model is not None and not judged:
            super().__init__(path, endpoint, **options | {"response_model": Annotated[model, _Judging(self.gate, model)]})
        # A coroutine's answer would be judged on the event loop, which would wait for the ledger then.
        if model is not None and self.gate._procedure.waits and _is_awaited(self.dependant.call):  # noqa: SLF001 - a part of the gate
            self.dependant.call = _judging_elsewhere(self.dependant.call, self.response_model)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        gate = self.gate
        streams = bool(labels_within(getattr(self, "stream_item_type", None)))

        async def handled(request: Request) -> Response:
            answer = _Answer(gate)
            token = _answering.set(answer)
            try:
                response = await handle(request)
                declared = answer.declared
                unseen = not answer.judged and getattr(response, "body", None) not in _EMPTY
                if unseen and (declared is not None or streams) and (declared is None or declared.unchecked is None):
                    raise wrong(
                        "unseen-answer",
                        f"`{request.method} {self.path}` answers with what no response model declares",
                        help_="declare one, or say `unchecked=` why it may go out unseen",
                    )
                if declared is not None:  # what one may see for one purpose is kept for nobody else
                    response.headers.setdefault("cache-control", "no-store")
                return response
            finally:
                answer.end()
                _answering.reset(token)

        return handled


class _Covering:
    """Sends nothing that is labelled for a route that does not look at what it returns, wherever in the app it was added."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused: Response | None = None

        async def covering(message: Message) -> None:
            nonlocal refused
            route = scope.get("route")
            if message["type"] == "http.response.start" and _is_uncovered(route):
                error = wrong(
                    "ungated-route",
                    f"the route `{getattr(route, 'path', '')}` returns labelled data and is not looked at",
                    help_="give its router `route_class=route_class(gate)`",
                )
                refused = problems.problem(error)
                await refused(scope, receive, send)
            if refused is None:
                await send(message)

        await self._app(scope, receive, covering if scope["type"] == "http" else send)


def _is_uncovered(route: object) -> bool:
    if not isinstance(route, APIRoute) or isinstance(route, _Gated):
        return False
    return bool(labels_within(route.response_model) or labels_within(getattr(route, "stream_item_type", None)))


def _taken(source: Any, connection: HTTPConnection) -> Any:  # noqa: ANN401 - a part of a use, or where it comes from
    if not isinstance(source, From):
        return source
    if callable(source.source):
        return source.of(connection)
    # INVARIANT: of the query only what the route declares and reads itself: by any other key a client could name anybody.
    name = source.source.partition(".")[0]
    aliases = dict(_queries(getattr(connection.scope.get("route"), "dependant", None)))
    if name not in connection.path_params and name not in aliases:
        raise wrong(
            "unknown-parameter", f"the route has no path or query parameter `{name}`", help_="the purpose takes a part from it"
        )
    said = {each: connection.query_params.get(alias) for each, alias in aliases.items()}
    return source.of({**said, **connection.path_params})


def _queries(dependant: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - FastAPI's own, of a module that it does not document
    """Yield the query parameters of a route, each with the name that it has in a request."""
    if dependant is not None:
        yield from ((each.name, each.alias) for each in dependant.query_params)
        for each in dependant.dependencies:
            yield from _queries(each)


def _merged(first: Exclude, second: Exclude) -> Exclude:
    """Give what either leaves out."""
    if isinstance(first, bool) or isinstance(second, bool):
        return first is True or second is True or first or second
    return {key: _merged(first.get(key, False), second.get(key, False)) for key in {**first, **second}}


def _renamed(excluded: Exclude, made: object, returned: object, judging: Excluding) -> Exclude:
    """Give what is left out of what was returned by the names of what was made of it: pydantic may have found a field elsewhere."""
    if excluded is True:
        return True
    if made is returned:
        return False  # it is looked at as it is
    if isinstance(made, (dict, list, tuple)):
        held = made if isinstance(made, dict) else dict(enumerate(made))
        below = {key: _renamed(_at(excluded, key), each, _held(returned, key), judging) for key, each in held.items()}
        return {key: each for key, each in below.items() if each}
    fields: Mapping[str, Any] = getattr(type(made), "__pydantic_fields__", {})
    if not fields:
        return excluded
    owner: Any = type(returned)
    declared, any_of_it = plan_of(owner).fields, _labels_of(owner)
    found: Exclude = False
    for name, described in fields.items():
        for source in _sources(name, described):
            # A property may give any of the fields of its object, and of what is in them.
            computed = source not in declared and hasattr(returned, source) and judging.of_any(any_of_it)
            below_it = _renamed(_at(excluded, source), getattr(made, name, None), _held(returned, source), judging)
            found = _merged(found, {name: computed or below_it} if computed or below_it else False)
    return found


def _at(excluded: Exclude, key: object) -> Exclude:
    return excluded.get(key, False) if isinstance(excluded, dict) else False


def _held(returned: Any, key: Any) -> object:  # noqa: ANN401 - whatever a route returned
    """Give what was returned under a key, a number or a name; None where there is nothing."""
    if isinstance(returned, Mapping):
        return returned.get(key)
    if isinstance(returned, (list, tuple)):
        return returned[key] if isinstance(key, int) and key < len(returned) else None
    return getattr(returned, key, None) if isinstance(key, str) else None


@lru_cache(4096)
def _labels_of(owner: Hashable) -> frozenset[str]:
    return labels_within(owner)


def _sources(name: str, described: Any) -> Iterator[str]:  # noqa: ANN401 - pydantic's description of a field
    """Yield the names under which pydantic may have found a field."""
    yield name
    for alias in (described.alias, described.validation_alias):
        for choice in getattr(alias, "choices", [alias]):
            first = getattr(choice, "path", [choice])[0]
            if isinstance(first, str):
                yield first


def _tree(exclude: object) -> Exclude:
    """Give what a route leaves out by itself in the form of pydantic's dictionaries."""
    if isinstance(exclude, Mapping):
        return {key: _tree(each) for key, each in exclude.items()}
    if isinstance(exclude, (set, frozenset, list, tuple)):
        return dict.fromkeys(exclude, True)
    return exclude is not None and exclude is not False


def _contexts(app: FastAPI) -> Iterator[Any]:
    """Yield the routes of an app as it serves them, also of the routers that it includes."""
    each_of: Callable[..., Iterator[Any]] = getattr(routing, "iter_route_contexts", iter)  # the routes themselves, in an older one
    yield from each_of(app.routes)


def _with_purposes(schema: dict[str, Any], app: FastAPI) -> dict[str, Any]:
    """Say on the page of each operation for what it uses personal data."""
    for context in _contexts(app):
        declared = list(_declared_in(getattr(context, "dependant", None)))
        for method in context.methods or () if declared else ():
            operation = schema.get("paths", {}).get(context.path_format, {}).get(method.lower())
            if operation is not None and "x-purpose" not in operation:
                operation["x-purpose"] = [_described(each) for each in declared]
                said = "; ".join(f"`{each.purpose}`" for each in declared)
                operation["description"] = "\n\n".join(filter(None, [operation.get("description"), f"Purpose: {said}."]))
    return schema


def _declared_in(dependant: Any) -> Iterator[_Declared]:  # noqa: ANN401 - FastAPI's own, of a module that it does not document
    for each in getattr(dependant, "dependencies", ()):
        declared = getattr(each.call, _DECLARED, None)
        if declared is not None:
            yield declared
        yield from _declared_in(each)


def _described(declared: _Declared) -> dict[str, object]:
    policy = declared.gate.policy
    recipient = "of the request" if isinstance(declared.recipient, From) else declared.recipient or policy.controller
    return {"purpose": declared.purpose, "recipient": recipient, "policy": policy.id, "revision": str(policy.revision)}
