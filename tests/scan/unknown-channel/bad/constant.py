"""The channel is a constant, and only the controller itself is concerned."""

from purposegate import Gate

CHANNEL = "push"
gate = Gate.load("policies/en-japan-video-interview.yaml")


async def notify(candidate_id: str) -> None:
    await gate.acheck("name", "send_service_email", "data_subject", subject=candidate_id, channel=CHANNEL)  # finds: unknown-channel
