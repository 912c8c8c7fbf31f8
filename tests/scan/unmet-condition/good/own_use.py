"""What the company does itself hangs on no agreement."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def transcribe(upload_id: str, provider: str | None = None) -> str:
    if provider is not None:
        raise NotImplementedError("no provider has signed yet")
    gate.check("video_interview", "create_evaluation_result")
    return f"/transcripts/{upload_id}"
