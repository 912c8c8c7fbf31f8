"""A field with two labels needs both of them covered."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Review:
    id: str
    summary: Annotated[str, Personal("evaluation_result"), Personal("video_interview")]


def headline(review: Review) -> str:
    gate.check("evaluation_result", "view_evaluation_result", "data_subject")
    return review.summary.partition(".")[0]  # finds: unguarded-read
