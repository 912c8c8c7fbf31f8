"""Both conditions of article 5 are taken to hold."""
# assumes: confidentiality_agreement, satisfactory_experience

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def transcribe(upload_id: str, provider: str) -> str:
    gate.check("video_interview", "create_evaluation_result", f"service_provider/{provider}")
    return f"/transcripts/{upload_id}"
