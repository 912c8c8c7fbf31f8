"""A provider may transcribe once its agreement is in force."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def transcribe(upload_id: str, provider: str) -> str:
    gate.check("video_interview", "create_evaluation_result", f"service_provider/{provider}")  # finds: unmet-condition
    return f"/transcripts/{upload_id}"
