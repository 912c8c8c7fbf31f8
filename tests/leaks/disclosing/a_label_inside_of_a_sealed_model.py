"""Seals a whole visit as usage history, and overlooks the address within, which has a label of its own."""

from typing import Annotated

from leaks.people import Applicant, an_applicant
from leaks.world import World
from pydantic import BaseModel

from purposegate import Personal, Sealed


class Report(BaseModel):
    visit: Annotated[Sealed[Applicant], Personal("usage_history")]


def leak(world: World) -> object:
    report = Report.model_validate({"visit": an_applicant()})
    with world.gate.purpose("distribute_advertising"):
        return report.model_dump(), report.model_dump_json()
