"""A block is opened for what the task was queued with."""

from typing import Any

from celery import Celery

from purposegate import Gate

app = Celery("hiring")
gate = Gate.load("policies/en-japan-video-interview.yaml")


@app.task(name="run")
def run(task: dict[str, Any]) -> str:
    with gate.purpose(task["purpose"]):  # finds: unreadable-use
        return str(task["id"])
