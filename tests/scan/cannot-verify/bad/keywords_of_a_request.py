"""The parts of the use are the keys of a request's body."""

from fastapi import FastAPI

from purposegate import Gate

app = FastAPI()
gate = Gate.load("policies/en-japan-video-interview.yaml")


@app.post("/decisions")
def decide(use: dict[str, str]) -> bool:
    return bool(gate.decide(**use))  # finds: cannot-verify
