"""Keeps who recommended whom, in a chain."""

from leaks.people import Applicant, an_applicant
from leaks.world import World
from pydantic import BaseModel


class Recommendation(BaseModel):
    by: "Recommendation | None" = None
    of: Applicant | None = None


def leak(world: World) -> object:
    chain = Recommendation(by=Recommendation(by=Recommendation(of=an_applicant())))
    return world.gate.disclose(chain, "distribute_advertising", on_denied="drop")
