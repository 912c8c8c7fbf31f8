"""The route would answer with interviews for advertising, and refuses instead of leaving them out."""

from typing import Annotated

from fastapi import FastAPI
from pydantic import BaseModel

from purposegate import Gate, Personal
from purposegate.integrations.fastapi import for_purpose, install


class Upload(BaseModel):
    id: str
    video: Annotated[str, Personal("video_interview")]


app = FastAPI()
gate = Gate.load("policies/en-japan-video-interview.yaml")
install(app, gate)
uploads: dict[str, Upload] = {}


@app.get("/teasers/{upload_id}", dependencies=[for_purpose(gate, "distribute_advertising", on_denied="refuse")])
def teaser(upload_id: str) -> Upload:
    return uploads[upload_id]  # finds: undeclared-purpose
