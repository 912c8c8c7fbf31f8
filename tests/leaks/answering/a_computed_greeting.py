"""Computes a greeting of the address, in a field that has no label."""

from fastapi import FastAPI
from leaks.asking import ask
from leaks.people import Applicant
from leaks.world import SECRET, World
from pydantic import computed_field

from purposegate.integrations.fastapi import for_purpose, install


class Greeted(Applicant):
    @computed_field  # type: ignore[prop-decorator]  # as pydantic has it
    @property
    def greeting(self) -> str:
        return f"Dear {self.email}"


def leak(world: World) -> object:
    app = FastAPI()
    install(app, world.gate)

    async def greeted() -> Greeted:
        return Greeted(id="c-1", email=SECRET)

    app.get("/", dependencies=[for_purpose(world.gate, "distribute_advertising")])(greeted)
    return ask(app)
