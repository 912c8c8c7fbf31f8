"""The receiver is only called a gate; the names tell enough to judge the call."""

from typing import Any

from flask import Flask, current_app

app = Flask(__name__)


@app.get("/digest/<candidate_id>")
def digest(candidate_id: str) -> dict[str, Any]:
    gate = current_app.extensions["purposegate"]
    gate.check("email_address", "send_digest", subject=candidate_id)  # finds: unknown-purpose
    return {"sent": True}
