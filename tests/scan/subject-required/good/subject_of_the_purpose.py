"""The purpose around it names the subject."""

from purposegate import Gate, MemoryLedger

gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=MemoryLedger([]))


def report(candidate_id: str) -> str:
    with gate.purpose("respond_to_disclosure_request", "data_subject", subject=candidate_id):
        gate.check("usage_history")
        return f"/reports/{candidate_id}"
