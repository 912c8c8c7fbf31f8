"""What an unknown object is asked is a use that would be permitted, and the attribute is another's."""

from typing import Any

from flask import Flask, current_app

from purposegate import Gate

app = Flask(__name__)
app.extensions["purposegate"] = Gate.load("policies/en-japan-video-interview.yaml")


@app.post("/reminders/<candidate_id>")
def remind(candidate_id: str) -> dict[str, Any]:
    gate = current_app.extensions["purposegate"]
    gate.check("email_address", "send_service_email", subject=candidate_id)
    return {"sent": True}
