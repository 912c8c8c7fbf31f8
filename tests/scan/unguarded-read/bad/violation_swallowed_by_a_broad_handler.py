"""`except Exception: pass` swallows the violation like everything else."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    inquiry: Annotated[str, Personal("inquiry")]


def ticket(candidate: Candidate) -> dict[str, str]:
    try:
        gate.check("inquiry", "respond_to_inquiries")
    except Exception:
        pass
    return {"customer": candidate.id, "text": candidate.inquiry}  # finds: unguarded-read
