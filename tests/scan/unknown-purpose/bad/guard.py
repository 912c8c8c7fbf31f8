"""A guard names a purpose of another company's policy."""

from purposegate import From, Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


@gate.guard("name", purpose="fulfil_contract", subject=From("candidate_id"))  # finds: unknown-purpose
def contract(candidate_id: str) -> str:
    return f"/contracts/{candidate_id}.pdf"
