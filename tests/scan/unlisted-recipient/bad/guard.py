"""The guard names a recipient that is listed for another purpose only."""

from purposegate import From, Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


@gate.guard("inquiry", purpose="respond_to_inquiries", recipient="employer_company", subject=From("candidate_id"))  # finds: unlisted-recipient
def forward(candidate_id: str) -> str:
    return f"forwarded {candidate_id}"
