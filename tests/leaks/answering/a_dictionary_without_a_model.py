"""Answers with a dictionary of the row, and declares no response model."""

from fastapi import FastAPI
from leaks.asking import ask
from leaks.people import an_applicant
from leaks.world import World

from purposegate.integrations.fastapi import for_purpose, install


def leak(world: World) -> object:
    app = FastAPI()
    install(app, world.gate)

    async def applicant() -> object:
        return dict(an_applicant())

    app.get("/", response_model=None, dependencies=[for_purpose(world.gate, "distribute_advertising")])(applicant)
    return ask(app)
