"""The route answers with the model."""

from typing import Annotated

from fastapi import FastAPI
from pydantic import BaseModel

from purposegate import Gate, Personal
from purposegate.integrations.fastapi import for_purpose, install


class Candidate(BaseModel):
    id: str
    email: Annotated[str, Personal("email_address")]


app = FastAPI()
gate = Gate.load("policies/en-japan-video-interview.yaml")
install(app, gate)
candidates: dict[str, Candidate] = {}


@app.get("/me/{candidate_id}", dependencies=[for_purpose(gate, "provide_service", "data_subject")])
def me(candidate_id: str) -> Candidate:
    return candidates[candidate_id]
