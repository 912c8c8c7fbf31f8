"""A gate with a ledger cannot know how nobody stands."""

from purposegate import Gate, MemoryLedger

gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=MemoryLedger([]))


def remind(candidate_ids: list[str]) -> int:
    gate.check("email_address", "send_service_email")  # finds: subject-required
    return len(candidate_ids)
