"""A periodic task exports answers of surveys for advertising."""

from celery import Celery
from celery.schedules import crontab

from purposegate import Gate

app = Celery("ads", broker="redis://localhost")
gate = Gate.load("policies/en-japan-video-interview.yaml")
app.conf.beat_schedule = {"nightly": {"task": "ads.export", "schedule": crontab(hour=3)}}


@app.task(name="ads.export")
@gate.guard("survey_response", purpose="distribute_advertising")  # finds: undeclared-purpose
def export() -> str:
    return "exported"
