"""Writes a model by a serializer of its own, which reads what it likes."""

from fastapi import FastAPI
from leaks.asking import ask
from leaks.people import Applicant
from leaks.world import SECRET, World
from pydantic import model_serializer

from purposegate.integrations.fastapi import for_purpose, install


class Card(Applicant):
    @model_serializer
    def written(self) -> str:
        return f"{self.id} <{self.email}>"


def leak(world: World) -> object:
    app = FastAPI()
    install(app, world.gate)

    async def card() -> list[Card]:
        return [Card(id="c-1", email=SECRET)]

    app.get("/", dependencies=[for_purpose(world.gate, "distribute_advertising")])(card)
    return ask(app)
