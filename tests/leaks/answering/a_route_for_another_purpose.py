"""Copies a route for advertising from one for mailing, with its response model."""

from fastapi import FastAPI
from leaks.asking import ask
from leaks.people import Applicant, an_applicant
from leaks.world import World

from purposegate.integrations.fastapi import for_purpose, install


def leak(world: World) -> object:
    app = FastAPI()
    install(app, world.gate)

    async def applicants() -> list[Applicant]:
        return [an_applicant()]

    app.get("/", dependencies=[for_purpose(world.gate, "distribute_advertising")])(applicants)
    return ask(app)
