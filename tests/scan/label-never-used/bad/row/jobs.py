"""The only job."""

from purposegate import Gate

from .rows import CandidateRow

gate = Gate.load("policies/en-japan-video-interview.yaml")


@gate.guard("name", purpose="send_service_email")
def salutations(rows: list[CandidateRow]) -> list[str]:
    return [f"Dear {row['name']}" for row in rows]
