"""The guard takes no subject from the call."""

from purposegate import Gate, MemoryLedger

ledger = MemoryLedger([])
gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=ledger)


@gate.guard("inquiry", purpose="respond_to_inquiries")  # finds: subject-required
def answer(candidate_id: str, text: str) -> str:
    return f"{candidate_id}: {text}"
