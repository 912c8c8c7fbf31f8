"""A FastAPI route returns a labelled model and declares no purpose."""

from typing import Annotated

from fastapi import FastAPI
from pydantic import BaseModel

from purposegate import Gate, Personal
from purposegate.integrations.fastapi import install


class Candidate(BaseModel):
    id: str
    email: Annotated[str, Personal("email_address")]


app = FastAPI()
gate = Gate.load("policies/en-japan-video-interview.yaml")
install(app, gate)
candidates: dict[str, Candidate] = {}


@app.get("/candidates/{candidate_id}")
def candidate(candidate_id: str) -> Candidate:
    return candidates[candidate_id]  # finds: unguarded-read
