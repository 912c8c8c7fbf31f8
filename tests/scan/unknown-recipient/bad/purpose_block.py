"""A block is opened for a recipient that is none."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def transcribe(applicant_id: str) -> str:
    with gate.purpose("create_evaluation_result", "transcription_service"):  # finds: unknown-recipient
        return f"/transcripts/{applicant_id}"
