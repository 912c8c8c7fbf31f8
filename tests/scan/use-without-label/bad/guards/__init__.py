"""Guards name two categories that the models of the package do not know."""

from purposegate import Gate

from .models import Interview

gate = Gate.load("policies/en-japan-video-interview.yaml")


@gate.guard("video_interview", "evaluation_result", purpose="provide_service")
def evaluate(interview: Interview) -> int:
    return len(interview.video)


@gate.guard("inquiry", purpose="respond_to_inquiries")
def answer(ticket: str) -> str:
    return f"Re: {ticket}"
