"""One caller passes a literal, the other what a request says."""

from fastapi import FastAPI, Request

from purposegate import Gate

app = FastAPI()
gate = Gate.load("policies/en-japan-video-interview.yaml")


def release(data_category: str) -> None:
    gate.check(data_category, "provide_service")  # finds: unreadable-use


@app.get("/name")
def name() -> None:
    release("name")


@app.get("/any")
def anything(request: Request) -> None:
    release(request.query_params["what"])
