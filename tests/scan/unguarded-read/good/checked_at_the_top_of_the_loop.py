"""The endless loop checks before it reads, each time round."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal


@dataclass
class Upload:
    id: str
    video: Annotated[bytes, Personal("video_interview")]


async def work(gate: Gate, queue: asyncio.Queue[Upload]) -> None:
    while True:
        upload = await queue.get()
        await gate.acheck("video_interview", "create_evaluation_result", subject=upload.id)
        print(upload.id, len(upload.video))
        queue.task_done()
