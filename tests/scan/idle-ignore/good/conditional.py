"""A note about conditions may be suppressed too."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def transcribe(upload_id: str) -> str:
    # purposegate: ignore[unmet-condition] the agreement with the scribe is of 2019
    gate.check("video_interview", "create_evaluation_result", "service_provider/scribe")
    return f"/transcripts/{upload_id}"
