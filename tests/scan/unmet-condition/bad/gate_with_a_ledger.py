"""A ledger would show the agreement; that it does cannot be told from code."""

from purposegate import Gate, MemoryLedger

gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=MemoryLedger(["service_provider/scribe"]))


async def transcribe(applicant_id: str) -> None:
    await gate.acheck("video_interview", "provide_service", "service_provider/scribe", subject=applicant_id)  # finds: unmet-condition
