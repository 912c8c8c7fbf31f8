"""The bound gate passes no subject either."""

from purposegate import Gate, Ledger


class Analysis:
    def __init__(self, ledger: Ledger) -> None:
        self._gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=ledger)
        self._release = self._gate.bind("analyse_to_improve")

    def count(self, candidate_ids: list[str]) -> int:
        for _ in candidate_ids:
            self._release("usage_history")  # finds: subject-required
        return len(candidate_ids)
