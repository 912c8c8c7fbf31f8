"""The check is handed to a thread with names that the policy permits."""

import asyncio

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


async def play() -> None:
    await asyncio.to_thread(gate.check, "video_interview", "provide_service")
