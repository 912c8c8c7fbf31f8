"""The receiver is only called a gate; the names of the policy tell enough to judge the call."""

from typing import Any

from flask import Flask, current_app

from purposegate import Gate

app = Flask(__name__)
app.extensions["purposegate"] = Gate.load("policies/en-japan-video-interview.yaml")


@app.get("/audience/<candidate_id>")
def audience(candidate_id: str) -> dict[str, Any]:
    gate = current_app.extensions["purposegate"]
    gate.check("video_interview", "distribute_advertising", subject=candidate_id)  # finds: unknown-receiver
    return {"sent": True}
