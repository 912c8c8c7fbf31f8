"""A route without a purpose answers with a model that has no label."""

from typing import Annotated

from fastapi import FastAPI
from pydantic import BaseModel

from purposegate import Gate, Personal
from purposegate.integrations.fastapi import install


class Candidate(BaseModel):
    id: str
    email: Annotated[str, Personal("email_address")]


class Progress(BaseModel):
    id: str
    uploaded: bool


app = FastAPI()
gate = Gate.load("policies/en-japan-video-interview.yaml")
install(app, gate)
candidates: dict[str, Candidate] = {}


@app.get("/progress/{candidate_id}")
def progress(candidate_id: str) -> Progress:
    return Progress(id=candidate_id, uploaded=candidate_id in candidates)
