"""Streams rows from a guarded generator, when the route and its purpose are over."""

from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from leaks.asking import ask
from leaks.people import an_applicant
from leaks.world import World

from purposegate.integrations.fastapi import for_purpose, install


def leak(world: World) -> object:
    app = FastAPI()
    install(app, world.gate)

    @world.gate.guard("email_address")
    def rows() -> Iterator[str]:
        yield an_applicant().email

    async def export() -> StreamingResponse:
        return StreamingResponse(rows())

    purpose = for_purpose(world.gate, "respond_to_inquiries", unchecked="the rows are guarded")
    app.get("/", dependencies=[purpose])(export)
    return ask(app)
