"""The model."""

from typing import Annotated

from pydantic import BaseModel

from purposegate import Personal


class Upload(BaseModel):
    id: str
    video: Annotated[str, Personal("video_interview")]
