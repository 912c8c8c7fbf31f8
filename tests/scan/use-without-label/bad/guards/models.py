"""The only labelled model."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Interview:
    id: str
    video: Annotated[bytes, Personal("video_interview")]
