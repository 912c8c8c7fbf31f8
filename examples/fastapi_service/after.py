"""A small hiring service: `uvicorn before:app` runs it as it was, `uvicorn after:app` with the gate."""

from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

from purposegate import From, Gate, Personal
from purposegate.integrations.fastapi import for_purpose, install


class Applicant(BaseModel):
    id: str
    name: Annotated[str, Personal("name")]
    email: Annotated[str, Personal("email_address")]
    video: Annotated[str, Personal("video_interview")]
    visits: Annotated[list[str], Personal("usage_history")]


APPLICANTS = {
    each.id: each
    for each in (
        Applicant(id="a-1", name="Hanako Sato", email="hanako@example.com", video="interview-1.mp4", visits=["monday"]),
        Applicant(id="a-2", name="Taro Yamada", email="taro@example.com", video="interview-2.mp4", visits=["friday"]),
    )
}

app = FastAPI(title="Hiring")
gate = Gate.load(Path(__file__).parents[2] / "policies" / "en-japan-video-interview.yaml")
install(app, gate)


@app.get("/employers/{employer}/applicants", dependencies=[for_purpose(gate, "view_video_interview", "employer_company")])
def applicants(employer: str) -> list[Applicant]:
    return list(APPLICANTS.values())


@app.get("/reminders/{applicant_id}", dependencies=[for_purpose(gate, "send_service_email", subject=From("applicant_id"))])
def reminder(applicant_id: str) -> Applicant:
    if applicant_id not in APPLICANTS:
        raise HTTPException(404)
    return APPLICANTS[applicant_id]


@app.get("/audience", dependencies=[for_purpose(gate, "distribute_advertising")])
def audience() -> list[Applicant]:
    return list(APPLICANTS.values())
