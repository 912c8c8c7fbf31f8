"""The object is handed on, counted and compared by its class; nobody looks into it."""

from collections import deque
from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Upload:
    id: str
    video: Annotated[str, Personal("video_interview")]


class Queue:
    def __init__(self) -> None:
        self._waiting: deque[Upload] = deque()

    def put(self, upload: object) -> int:
        if not isinstance(upload, Upload):
            raise TypeError("only uploads")
        self._waiting.append(upload)
        return len(self._waiting)

    def take(self) -> Upload | None:
        return self._waiting.popleft() if self._waiting else None
