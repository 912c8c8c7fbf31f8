"""Each use names its subject, also from the call that is guarded."""

from uuid import UUID

from purposegate import From, Gate, MemoryLedger

gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=MemoryLedger([]))


@gate.guard("inquiry", purpose="respond_to_inquiries", subject=From("candidate_id"))
def answer(candidate_id: UUID, text: str) -> str:
    gate.check("email_address", "respond_to_inquiries", subject=str(candidate_id))
    return text
