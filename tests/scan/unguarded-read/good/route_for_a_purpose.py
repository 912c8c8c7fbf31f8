"""Routes of an app and of a router declare why they may answer with labelled models."""

from typing import Annotated

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel

from purposegate import From, Gate, Personal
from purposegate.integrations.fastapi import for_purpose, install, route_class


class Candidate(BaseModel):
    id: str
    email: Annotated[str, Personal("email_address")]


app = FastAPI()
gate = Gate.load("policies/en-japan-video-interview.yaml")
install(app, gate)
support = APIRouter(
    prefix="/support",
    route_class=route_class(gate),
    dependencies=[for_purpose(gate, "respond_to_inquiries")],
)
candidates: dict[str, Candidate] = {}


@app.get("/me/{candidate_id}", dependencies=[for_purpose(gate, "provide_service", "data_subject", subject=From("candidate_id"))])
def me(candidate_id: str) -> Candidate:
    return candidates[candidate_id]


@support.get("/candidates")
async def everybody() -> list[Candidate]:
    return sorted(candidates.values(), key=lambda candidate: candidate.email)


app.include_router(support)
