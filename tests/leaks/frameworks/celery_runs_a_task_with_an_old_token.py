"""Runs a task under the token of a request whose purpose does not open addresses."""

from celery import Celery
from leaks.people import an_applicant
from leaks.world import World

REFUSED = "undeclared-purpose"


def leak(world: World) -> object:
    app = Celery("mailer", set_as_current=False)

    @world.gate.guard("email_address")
    def email_of(candidate_id: str) -> str:
        return an_applicant().email

    def mail(candidate_id: str, token: str) -> str:
        with world.gate.resume(token):
            return email_of(candidate_id)

    with world.gate.purpose("distribute_advertising"):
        token = world.gate.token()
    return app.task(mail, name="mail").apply(["c-1", token]).get()
