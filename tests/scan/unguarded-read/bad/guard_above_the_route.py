"""The framework registers the function below the guard, and calls it without."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import FastAPI

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


app = FastAPI()
LAST = Candidate("c-1", "hanako@example.com")


@gate.guard("email_address", purpose="send_service_email")
@app.get("/last")
def last() -> str:
    return LAST.email  # finds: unguarded-read
