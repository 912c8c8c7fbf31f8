"""Everything that the dump reads is permitted for the purpose around it."""

from typing import Annotated

from pydantic import BaseModel

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


class Candidate(BaseModel):
    id: str
    email: Annotated[str, Personal("email_address")]
    browsing: Annotated[list[str], Personal("access_history")]


def answer_request(candidate: Candidate) -> str:
    with gate.purpose("respond_to_disclosure_request", "data_subject", subject=candidate.id):
        return candidate.model_dump_json(indent=2)
