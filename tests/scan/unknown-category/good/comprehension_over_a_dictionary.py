"""The categories are the values of a literal dictionary; its keys are none."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
FIELDS = {"mail": "email_address", "clip": "video_interview"}


def readable() -> list[str]:
    return [field for field, data_category in FIELDS.items() if gate.decide(data_category, "provide_service")]
