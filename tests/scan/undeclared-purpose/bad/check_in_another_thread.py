"""The check is handed to a thread with its names."""

import asyncio

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


async def play() -> None:
    await asyncio.to_thread(gate.check, "video_interview", "distribute_advertising")  # finds: undeclared-purpose
