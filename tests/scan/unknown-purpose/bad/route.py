"""A route declares a purpose that is none."""

from fastapi import FastAPI

from purposegate import Gate
from purposegate.integrations.fastapi import for_purpose, install

app = FastAPI()
gate = Gate.load("policies/en-japan-video-interview.yaml")
install(app, gate)


@app.get("/health", dependencies=[for_purpose(gate, "health_check")])  # finds: unknown-purpose
def health() -> dict[str, str]:
    return {"status": "up"}
