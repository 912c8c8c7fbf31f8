"""The label's name is a constant of the module."""

from dataclasses import dataclass
from typing import Annotated, Final

from purposegate import Gate, Personal

DEVICE: Final = "device_information"
gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Hit:
    path: str
    agent: Annotated[str, Personal(DEVICE)]  # finds: unknown-category
