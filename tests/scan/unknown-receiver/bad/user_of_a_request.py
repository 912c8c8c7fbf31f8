"""What stands in the state of a request the scanner does not know."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import FastAPI, Request

from purposegate import Personal

app = FastAPI()


@dataclass
class Account:
    id: str
    email_address: Annotated[str, Personal("email_address")]


@app.get("/whoami")
def whoami(request: Request) -> dict[str, str]:
    return {"you": request.state.account.email_address}  # finds: unknown-receiver
