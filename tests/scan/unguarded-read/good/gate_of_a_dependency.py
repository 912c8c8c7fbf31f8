"""FastAPI hands the gate in."""

from functools import lru_cache
from typing import Annotated

from fastapi import Depends, FastAPI

from purposegate import Gate, Personal
from pydantic import BaseModel

app = FastAPI()


class Candidate(BaseModel):
    id: str
    email: Annotated[str, Personal("email_address")]


@lru_cache
def the_gate() -> Gate:
    return Gate.load("policies/en-japan-video-interview.yaml")


candidates: dict[str, Candidate] = {}


@app.post("/reminders/{candidate_id}")
def remind(candidate_id: str, gate: Annotated[Gate, Depends(the_gate)]) -> dict[str, int]:
    gate.check("email_address", "send_service_email", subject=candidate_id)
    return {"sent": len(candidates[candidate_id].email)}
