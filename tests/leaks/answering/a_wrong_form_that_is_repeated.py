"""Tells what is wrong with a form, and repeats it in the answer."""

from fastapi import FastAPI
from leaks.asking import ask
from leaks.people import Candidate
from leaks.world import SECRET, World

from purposegate.integrations.fastapi import for_purpose, install


def leak(world: World) -> object:
    app = FastAPI()
    install(app, world.gate)

    def apply(form: Candidate) -> None: ...

    app.post("/", dependencies=[for_purpose(world.gate, "respond_to_inquiries")])(apply)
    return ask(app, method="POST", json={"email": SECRET})
