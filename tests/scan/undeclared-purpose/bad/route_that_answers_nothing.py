"""Nothing of what the route answers may be seen for its purpose, so that it answers with empty models."""

from typing import Annotated

from fastapi import FastAPI
from pydantic import BaseModel

from purposegate import Gate, Personal
from purposegate.integrations.fastapi import for_purpose, install


class Recording(BaseModel):
    video: Annotated[str, Personal("video_interview")]


app = FastAPI()
gate = Gate.load("policies/en-japan-video-interview.yaml")
install(app, gate)
recordings: dict[str, Recording] = {}


@app.get("/audience/{recording_id}", dependencies=[for_purpose(gate, "distribute_advertising")])
def audience(recording_id: str) -> Recording:
    return recordings[recording_id]  # finds: undeclared-purpose
