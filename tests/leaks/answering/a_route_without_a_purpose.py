"""Forgets to say for what a new route uses personal data."""

from fastapi import FastAPI
from leaks.asking import ask
from leaks.people import Applicant, an_applicant
from leaks.world import World

from purposegate.integrations.fastapi import install


def leak(world: World) -> object:
    app = FastAPI()
    install(app, world.gate)

    def applicant() -> Applicant:
        return an_applicant()

    app.get("/")(applicant)
    return ask(app)
