"""Returns a row that the response model does not fit, which the framework shows in full."""

from typing import Any

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from leaks.asking import ask
from leaks.people import Applicant
from leaks.world import SECRET, World

from purposegate.integrations.fastapi import for_purpose, install


def leak(world: World) -> object:
    app = FastAPI()
    install(app, world.gate)

    async def applicant() -> object:
        return {"id": 1, "email": SECRET}

    @app.middleware("http")
    async def shown(request: Any, call_next: Any) -> Any:
        try:
            return await call_next(request)
        except Exception as error:
            return PlainTextResponse(str(error) + repr(error.__dict__))

    options = {"response_model": Applicant, "dependencies": [for_purpose(world.gate, "respond_to_inquiries")]}
    app.get("/", **options)(applicant)  # type: ignore[arg-type]  # of several types
    return ask(app)
