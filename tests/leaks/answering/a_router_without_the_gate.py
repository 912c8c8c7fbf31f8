"""Adds a router of its own, which knows nothing of the gate."""

from fastapi import APIRouter, FastAPI
from leaks.asking import ask
from leaks.people import Applicant, an_applicant
from leaks.world import World

from purposegate.integrations.fastapi import install


def leak(world: World) -> object:
    app, router = FastAPI(), APIRouter()
    install(app, world.gate)

    def applicants() -> dict[str, Applicant]:
        return {"c-1": an_applicant()}

    router.get("/applicants")(applicants)
    app.include_router(router)
    return ask(app, "/applicants")
