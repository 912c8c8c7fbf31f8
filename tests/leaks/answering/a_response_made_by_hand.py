"""Builds the JSON of an answer by hand, because it is faster."""

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from leaks.asking import ask
from leaks.people import an_applicant
from leaks.world import World

from purposegate.integrations.fastapi import for_purpose, install


def leak(world: World) -> object:
    app = FastAPI()
    install(app, world.gate)

    async def applicant() -> JSONResponse:
        return JSONResponse(an_applicant().model_dump())

    app.get("/", dependencies=[for_purpose(world.gate, "distribute_advertising")])(applicant)
    return ask(app)
