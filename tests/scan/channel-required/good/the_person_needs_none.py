"""To the person itself and to the company no channel is needed."""

from purposegate import Gate, MemoryLedger

gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=MemoryLedger([]))


def my_page(candidate_id: str) -> str:
    gate.check("name", "provide_service", "data_subject", subject=candidate_id)
    gate.check("usage_history", "monitor_usage", "en_japan", subject=candidate_id)
    return "/me"
