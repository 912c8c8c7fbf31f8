"""A logger writes the whole model into the log."""

import logging
from typing import Annotated

from pydantic import BaseModel

from purposegate import Personal

log = logging.getLogger("hiring.worker")


class Upload(BaseModel):
    id: str
    video: Annotated[str, Personal("video_interview")]


def transcode(upload: Upload) -> None:
    log.info("transcoding %s", upload)  # finds: unguarded-read
