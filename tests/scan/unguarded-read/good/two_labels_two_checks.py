"""Both labels of the field are checked, one here and one by the guard."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Review:
    id: str
    summary: Annotated[str, Personal("evaluation_result"), Personal("video_interview")]


@gate.guard("evaluation_result", purpose="view_evaluation_result", recipient="data_subject")
def headline(review: Review) -> str:
    gate.check("video_interview", "view_video_interview", "data_subject", subject=review.id)
    return review.summary.partition(".")[0]
