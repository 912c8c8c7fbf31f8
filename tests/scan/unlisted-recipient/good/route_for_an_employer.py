"""A route for an employer leaves out what the provision does not list."""

from typing import Annotated

from fastapi import FastAPI
from pydantic import BaseModel

from purposegate import From, Gate, Personal
from purposegate.integrations.fastapi import for_purpose, install


class Applicant(BaseModel):
    id: str
    name: Annotated[str, Personal("name")]
    device: Annotated[str, Personal("terminal_information")]


app = FastAPI()
gate = Gate.load("policies/en-japan-video-interview.yaml")
install(app, gate)
applicants: dict[str, Applicant] = {}


@app.get(
    "/employers/{employer}/applicants",
    dependencies=[for_purpose(gate, "view_video_interview", "employer_company", each=From("id"))],
)
async def shown(employer: str) -> list[Applicant]:
    return [each for each in applicants.values() if each.id.startswith(employer)]
