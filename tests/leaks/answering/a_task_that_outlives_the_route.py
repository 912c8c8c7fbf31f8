"""Mails in a background task, when the route and its purpose are over."""

from fastapi import BackgroundTasks, FastAPI
from leaks.asking import ask
from leaks.people import an_applicant
from leaks.world import World

from purposegate.integrations.fastapi import for_purpose, install


def leak(world: World) -> object:
    app, outbox = FastAPI(), list[str]()
    install(app, world.gate)

    @world.gate.guard("email_address")
    async def mail() -> None:
        outbox.append(an_applicant().email)

    async def apply(tasks: BackgroundTasks) -> None:
        tasks.add_task(mail)

    app.post("/", dependencies=[for_purpose(world.gate, "respond_to_inquiries")])(apply)
    ask(app, method="POST")
    return outbox
