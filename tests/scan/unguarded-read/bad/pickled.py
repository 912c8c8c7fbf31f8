"""Pickling reads all there is."""

import pickle
from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Upload:
    id: str
    video: Annotated[bytes, Personal("video_interview")]


def queued(uploads: list[Upload]) -> list[bytes]:
    return [pickle.dumps(upload) for upload in uploads]  # finds: unguarded-read
