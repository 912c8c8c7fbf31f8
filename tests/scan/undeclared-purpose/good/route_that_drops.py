"""A route for advertising leaves out of its answer what its purpose does not open."""

from typing import Annotated

from fastapi import FastAPI
from pydantic import BaseModel

from purposegate import Gate, Personal
from purposegate.integrations.fastapi import for_purpose, install


class Visitor(BaseModel):
    id: str
    name: Annotated[str, Personal("name")]
    visits: Annotated[list[str], Personal("usage_history")]


app = FastAPI()
gate = Gate.load("policies/en-japan-video-interview.yaml")
install(app, gate)
visitors: dict[str, Visitor] = {}


@app.get("/audience/{visitor_id}", dependencies=[for_purpose(gate, "distribute_advertising")])
def audience(visitor_id: str) -> Visitor:
    return visitors[visitor_id]
