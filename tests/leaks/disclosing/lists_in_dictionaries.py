"""Groups people by city, in lists in a dictionary."""

from typing import Annotated

from leaks.people import Applicant, an_applicant
from leaks.world import SECRET, World
from pydantic import BaseModel

from purposegate import Personal


class Report(BaseModel):
    people: dict[str, list[Applicant]]
    addresses: dict[str, list[Annotated[str, Personal("email_address")]]]


def leak(world: World) -> object:
    report = Report(people={"Tokyo": [an_applicant()]}, addresses={"Tokyo": [SECRET]})
    plain = {"Tokyo": [{"Shinjuku": an_applicant()}]}
    return world.gate.disclose([report, plain], "distribute_advertising", on_denied="drop", as_type=list[object])
