"""The model of a request asks for an address."""

from fastapi import FastAPI
from pydantic import BaseModel

from purposegate import Gate
from purposegate.integrations.fastapi import install

app = FastAPI()
gate = Gate.load("policies/en-japan-video-interview.yaml")
install(app, gate)


class SignUp(BaseModel):
    email: str  # finds: unlabelled-field
    newsletter: bool = False


@app.post("/sign-ups")
def sign_up(body: SignUp) -> dict[str, bool]:
    return {"newsletter": body.newsletter}
