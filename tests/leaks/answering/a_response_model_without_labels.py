"""Declares a response model of its own, and forgets the labels there."""

from fastapi import FastAPI
from leaks.asking import ask
from leaks.people import an_applicant
from leaks.world import World
from pydantic import BaseModel

from purposegate.integrations.fastapi import for_purpose, install


class Answer(BaseModel, from_attributes=True):
    id: str
    email: str = ""


def leak(world: World) -> object:
    app = FastAPI()
    install(app, world.gate)

    async def applicant() -> object:
        return an_applicant()

    options = {"response_model": Answer, "dependencies": [for_purpose(world.gate, "distribute_advertising")]}
    app.get("/", **options)(applicant)  # type: ignore[arg-type]  # of several types
    return ask(app)
