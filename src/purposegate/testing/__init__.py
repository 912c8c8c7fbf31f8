"""For test suites: uses asserted as permitted or denied, what of a policy a suite never exercised, and what every ledger must do.

The pytest plugin (extra `pytest`) brings a gate with it; what is here works with any test runner.
"""

from purposegate.testing.asserting import assert_denied, assert_permitted
from purposegate.testing.exercising import Exercise, ExercisingSink
from purposegate.testing.ledger_contract import LedgerContract

__all__ = ["Exercise", "ExercisingSink", "LedgerContract", "assert_denied", "assert_permitted"]
