"""A small hiring service: `uvicorn before:app` runs it as it was, `uvicorn after:app` with the gate."""

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel


class Applicant(BaseModel):
    id: str
    name: str
    email: str
    video: str
    visits: list[str]


APPLICANTS = {
    each.id: each
    for each in (
        Applicant(id="a-1", name="Hanako Sato", email="hanako@example.com", video="interview-1.mp4", visits=["monday"]),
        Applicant(id="a-2", name="Taro Yamada", email="taro@example.com", video="interview-2.mp4", visits=["friday"]),
    )
}

app = FastAPI(title="Hiring")


@app.get("/employers/{employer}/applicants")
def applicants(employer: str) -> list[Applicant]:
    return list(APPLICANTS.values())


@app.get("/reminders/{applicant_id}")
def reminder(applicant_id: str) -> Applicant:
    if applicant_id not in APPLICANTS:
        raise HTTPException(404)
    return APPLICANTS[applicant_id]


@app.get("/audience")
def audience() -> list[Applicant]:
    return list(APPLICANTS.values())
