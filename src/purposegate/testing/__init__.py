"""For test suites: uses asserted as permitted or denied, what of a policy was never exercised, and what ledgers and sinks must do.

The pytest plugin (extra `pytest`) brings a gate with it; what is here works with any test runner.
"""

from purposegate.testing.asserting import assert_denied, assert_permitted
from purposegate.testing.exercising import Exercise, ExercisingSink
from purposegate.testing.ledger_contract import LedgerContract
from purposegate.testing.sink_contract import DurableSinkContract, SinkContract

__all__ = [
    "DurableSinkContract",
    "Exercise",
    "ExercisingSink",
    "LedgerContract",
    "SinkContract",
    "assert_denied",
    "assert_permitted",
]
