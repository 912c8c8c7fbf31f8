"""Discloses an application to advertisers, and overlooks the person within."""

from leaks.people import Applicant, an_applicant
from leaks.world import World
from pydantic import BaseModel


class Application(BaseModel):
    job: str
    applicant: Applicant


def leak(world: World) -> object:
    application = Application(job="j-1", applicant=an_applicant())
    return world.gate.disclose(application, "distribute_advertising", on_denied="drop")
